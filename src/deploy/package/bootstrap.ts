import { familyOf, type ProgramFields } from "../../definition/runtimes.ts";
import { fileOf, type PackageFile } from "./files.ts";
import { machineOf } from "./machine-code.ts";

/**
 * AWS starts `bootstrap`, and for `go1.x` the handler.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html
 */
export function executableProblem(
  fn: ProgramFields,
  handler: string,
  directory: string,
  files: readonly PackageFile[],
): string | undefined {
  if (familyOf(fn.runtime) !== "executable") return undefined;
  const name = fn.runtime === "go1.x" ? handler : "bootstrap";
  const program = files.find(({ path }) => path === name);
  const shown = directory === "." ? name : `${directory}/${name}`;
  if (program === undefined) {
    if (canStart(fn)) return undefined;
    return fn.command === undefined
      ? `runs ${shown}, which does not exist. Build it, or correct its path.`
      : `runs ${fn.command[0]}, which ${fn.runtime} does not have. Put a program into ${directory} and write it with a path, such as ./chat, or add ${shown}.`;
  }
  if (!program.executable) return `runs ${shown}, which is not executable. Run chmod +x ${shown}.`;
  const machine = machineOf(program.read());
  if (machine === undefined || machine === "linux-x64") return undefined;
  return `runs ${shown}, which is compiled for ${machine}. Compile it for linux-x64, which Lambda runs.`;
}

const SHELLS = ["sh", "bash", "/bin/sh", "/bin/bash"];

/** Whether the OS-only runtime can run the command: one in the directory, or a shell. */
function canStart({ command }: ProgramFields): boolean {
  const [program = ""] = command ?? [];
  return SHELLS.includes(program) || (program.includes("/") && !program.startsWith("/"));
}

/** A `bootstrap` that runs the command, for a directory without one. */
export function startFile(
  fn: ProgramFields,
  files: readonly PackageFile[],
): readonly PackageFile[] {
  const { command } = fn;
  const isNeeded = familyOf(fn.runtime) === "executable" && fn.runtime !== "go1.x";
  if (command === undefined || !isNeeded || files.some(({ path }) => path === "bootstrap"))
    return [];
  const words = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  const script = `#!/bin/sh\ncd "$LAMBDA_TASK_ROOT"\nexec ${words}\n`;
  return [{ ...fileOf("bootstrap", script), executable: true }];
}
