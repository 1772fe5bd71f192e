import { dirname } from "node:path";
import type { ApiDefinition } from "../definition/project.ts";
import type { EmulatorOptions } from "../emulator/emulator.ts";
import { loadConfig } from "../readers/config/config-file.ts";

/** A definition, or that of a config file, with the folder that its handlers are relative to. */
export async function readDefinition(
  definition: ApiDefinition | string,
  root: string | undefined,
): Promise<Pick<EmulatorOptions, "definition" | "source" | "root">> {
  if (typeof definition !== "string") {
    return { definition, ...(root !== undefined && { root }) };
  }
  const loaded = await loadConfig({ cwd: process.cwd(), file: definition });
  return { definition: loaded.definition, source: definition, root: root ?? dirname(loaded.file) };
}
