import { relative } from "node:path";
import { WsgwError } from "../../src/app.ts";
import type { Io } from "../terminal/io.ts";

/**
 * Rejects a directory with a project of another tool, which wsgw reads directly; a config file would take
 * precedence over it.
 */
export function rejectProjectOfAnotherTool(files: readonly string[], io: Io): void {
  const [file] = files.map((each) => relative(io.cwd, each));
  if (file === undefined) return;
  throw new WsgwError("FOLDER_UNUSABLE", `${file} already defines a WebSocket API.`, {
    hint: `Run wsgw dev, which serves it unchanged. wsgw init --from ${file} converts it to a config file.`,
  });
}
