import { basename, relative } from "node:path";
import { type CheckedProject, checkProject } from "../definition/checks.ts";
import { type ConfigOptions, loadConfig } from "../readers/config/config-file.ts";
import { parseRouteExpression } from "./apigateway/message/rules/route-expression.ts";

/** The project of a config file, checked, with its warnings. */
export type LoadedProject = CheckedProject & {
  /** As its author wrote it. */
  readonly definition: unknown;
  /** Folder of the definition. */
  readonly root: string;
  /** Absolute. */
  readonly configFile: string;
};

/** Loads a config file and checks it. Throws a WsgwError with all its faults. */
export async function loadProject(options: ConfigOptions): Promise<LoadedProject> {
  const { definition, file, root } = await loadConfig(options);
  const source = relative(options.cwd, file) || basename(file);
  const checked = checkProject(definition, source, { parseExpression: parseRouteExpression });
  return { ...checked, definition, root, configFile: file };
}
