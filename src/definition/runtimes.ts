/**
 * All Lambda runtimes, past and present, by how their functions run here. Lambda creates no new functions
 * with `closed` ones.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html as in cfn-lint 1.51 (LmbdRuntimeLifecycle.json)
 */
const FAMILIES = {
  /** JavaScript and TypeScript, loaded by wsgw itself. */
  node: {
    open: ["nodejs22.x", "nodejs24.x", "nodejs26.x"],
    closed: [
      ...["nodejs", "nodejs4.3", "nodejs4.3-edge", "nodejs6.10", "nodejs8.10", "nodejs10.x"],
      ...["nodejs12.x", "nodejs14.x", "nodejs16.x", "nodejs18.x", "nodejs20.x"],
    ],
  },
  python: {
    open: ["python3.12", "python3.13", "python3.14", "python3.15"],
    closed: [
      ...["python2.7", "python3.6", "python3.7", "python3.8", "python3.9", "python3.10"],
      "python3.11",
    ],
  },
  /** A directly executable file. */
  executable: { open: ["provided.al2023"], closed: ["provided", "provided.al2", "go1.x"] },
  /** Requires a `command` in the definition. */
  command: {
    open: [
      ...["dotnet8", "dotnet10", "java8.al2023", "java11.al2023", "java17.al2023", "java21"],
      ...["java25", "ruby3.3", "ruby3.4", "ruby4.0"],
    ],
    closed: [
      ...["dotnetcore1.0", "dotnetcore2.0", "dotnetcore2.1", "dotnetcore3.1", "dotnet6"],
      ...["java8", "java8.al2", "java11", "java17", "ruby2.5", "ruby2.7", "ruby3.2"],
    ],
  },
} as const;

export type RuntimeFamily = keyof typeof FAMILIES;

/** A Lambda runtime, past or present. */
export type Runtime = (typeof FAMILIES)[RuntimeFamily]["open" | "closed"][number];

/** The runtime of a function without one. */
export const DEFAULT_RUNTIME = "nodejs24.x" satisfies Runtime;

/** The runtimes with which Lambda creates new functions. */
export const OPEN_RUNTIMES: readonly Runtime[] = Object.values(FAMILIES).flatMap(
  ({ open }) => open,
);

export const RUNTIMES: readonly Runtime[] = Object.values(FAMILIES).flatMap(({ open, closed }) => [
  ...open,
  ...closed,
]);

const SUCCESSORS = {
  nodejs: "nodejs24.x",
  python: "python3.14",
  provided: "provided.al2023",
  go: "provided.al2023",
  dotnet: "dotnet10",
  java: "java25",
  ruby: "ruby3.4",
} as const satisfies Readonly<Record<string, Runtime>>;

/** The replacement for a runtime that Lambda rejects for new functions; undefined for the others. */
export function successorOf(runtime: Runtime): Runtime | undefined {
  if (OPEN_RUNTIMES.includes(runtime)) return undefined;
  return Object.entries(SUCCESSORS).find(([word]) => runtime.startsWith(word))?.[1];
}

/** The family of a runtime; undefined for an unknown one. */
export function familyOf(runtime: string): RuntimeFamily | undefined {
  const families = Object.entries(FAMILIES) as [
    RuntimeFamily,
    Readonly<Record<"open" | "closed", readonly string[]>>,
  ][];
  return families.find(
    ([, { open, closed }]) => open.includes(runtime) || closed.includes(runtime),
  )?.[0];
}

/**
 * Whether Lambda includes SDK v2 for JavaScript in a runtime; later ones include v3.
 * @see https://aws.amazon.com/blogs/compute/node-js-18-x-runtime-now-available-in-aws-lambda/
 */
export function bringsSdkV2(runtime: string): boolean {
  const [, version] = /^nodejs(\d*)/.exec(runtime) ?? [];
  return version !== undefined && Number(version) <= 16; // the first is only "nodejs"
}

/** The fields of a function that determine what runs it. */
export type ProgramFields = {
  readonly handler: string;
  readonly runtime: string;
  readonly code: string | undefined;
  readonly command: readonly string[] | undefined;
};

/** Whether a function is its own process on the Lambda Runtime API, rather than code for wsgw's Node. */
export function isProgram({ runtime, command }: Pick<ProgramFields, "runtime" | "command">) {
  return command !== undefined || familyOf(runtime) !== "node";
}

/**
 * The code directory of such a function, relative to the definition's, and the handler that it receives.
 * `code` is the directory, `/var/task` on AWS. Without it an executable's handler contains it: in
 * `chat/list.handler` the directory is `chat` and the handler `list.handler`.
 */
export function placeOfProgram(fn: ProgramFields): {
  readonly directory: string;
  readonly handler: string;
} {
  const { code, handler } = fn;
  const isNamedByHandler =
    code === undefined && fn.command === undefined && familyOf(fn.runtime) === "executable";
  if (!isNamedByHandler) return { directory: code ?? ".", handler };
  const end = handler.lastIndexOf("/");
  return end < 0
    ? { directory: ".", handler }
    : { directory: handler.slice(0, end), handler: handler.slice(end + 1) };
}
