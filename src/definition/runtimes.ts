/** Lambda's runtimes, by how their functions are run here. */
const FAMILIES = {
  /** JavaScript and TypeScript, loaded by wsgw itself. */
  node: ["nodejs20.x", "nodejs22.x", "nodejs24.x"],
  python: ["python3.9", "python3.10", "python3.11", "python3.12", "python3.13", "python3.14"],
  /** A file that can be executed as it is. */
  executable: ["provided.al2", "provided.al2023", "go1.x"],
  /** Needs a command of the author's. */
  command: [
    "dotnet8",
    "dotnet10",
    "java8.al2",
    "java11",
    "java17",
    "java21",
    "java25",
    "ruby3.2",
    "ruby3.3",
    "ruby3.4",
  ],
} as const;

export type RuntimeFamily = keyof typeof FAMILIES;

/** A Lambda runtime that wsgw can run and deploy. */
export type Runtime = (typeof FAMILIES)[RuntimeFamily][number];

/** What a function runs on that names no runtime. */
export const DEFAULT_RUNTIME = "nodejs24.x" satisfies Runtime;

export const RUNTIMES: readonly Runtime[] = Object.values(FAMILIES).flat();

/** The family of a runtime; undefined for a word that is none. */
export function familyOf(runtime: string): RuntimeFamily | undefined {
  const families = Object.entries(FAMILIES) as [RuntimeFamily, readonly string[]][];
  return families.find(([, runtimes]) => runtimes.includes(runtime))?.[0];
}

/** The part of a function that says what runs it. */
export type ProgramFields = {
  readonly handler: string;
  readonly runtime: string;
  readonly code: string | undefined;
  readonly command: readonly string[] | undefined;
};

/** Whether a function is a process of its own on the Lambda Runtime API, and not code for wsgw's Node. */
export function isProgram({ runtime, command }: Pick<ProgramFields, "runtime" | "command">) {
  return command !== undefined || familyOf(runtime) !== "node";
}

/**
 * Where the code of such a function is, from the folder of the definition, and what it is told as
 * its handler. `code` names the folder, which is `/var/task` on AWS. Without it an executable's
 * handler does: in `chat/list.handler` the folder is `chat` and the handler `list.handler`.
 */
export function placeOfProgram(fn: ProgramFields): {
  readonly folder: string;
  readonly handler: string;
} {
  const { code, handler } = fn;
  const isNamedByHandler =
    code === undefined && fn.command === undefined && familyOf(fn.runtime) === "executable";
  if (!isNamedByHandler) return { folder: code ?? ".", handler };
  const end = handler.lastIndexOf("/");
  return end < 0
    ? { folder: ".", handler }
    : { folder: handler.slice(0, end), handler: handler.slice(end + 1) };
}
