import type { Api, ApiFunction } from "../../definition/project.ts";
import { familyOf } from "../../definition/runtimes.ts";

/**
 * Runtimes with which Lambda makes no new functions any more, and what takes their place.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html as cfn-lint 1.51 has it (LmbdRuntimeLifecycle.json)
 */
const CLOSED_RUNTIMES: Readonly<Partial<Record<ApiFunction["runtime"], string>>> = {
  "go1.x": "provided.al2023",
  "java8.al2": "java25",
  java11: "java25",
  java17: "java25",
  "nodejs20.x": "nodejs24.x",
  "provided.al2": "provided.al2023",
  "python3.9": "python3.14",
  "python3.10": "python3.14",
  "python3.11": "python3.14",
  "ruby3.2": "ruby3.4",
};

/**
 * What `wsgw dev` serves and AWS would not run, or not run alike: a sentence each, with the place in
 * the definition and what to do. None when all of the API can be deployed.
 */
export function undeployable(api: Api): readonly string[] {
  return Object.values(api.functions).flatMap(functionProblems).sort();
}

function functionProblems(fn: ApiFunction): readonly string[] {
  return [runtimeProblem(fn), commandProblem(fn)].flatMap((problem) =>
    problem === undefined ? [] : [`functions.${fn.name}.${problem}`],
  );
}

function runtimeProblem({ runtime }: ApiFunction): string | undefined {
  const successor = CLOSED_RUNTIMES[runtime];
  if (successor === undefined) return undefined;
  return `runtime: Lambda makes no new functions with ${runtime}; choose ${successor}.`;
}

/** `command` counts on this machine only. */
function commandProblem({ command, runtime }: ApiFunction): string | undefined {
  if (command === undefined) return undefined;
  const family = familyOf(runtime);
  // An executable's `bootstrap`, and the libraries of Java, Ruby and .NET, are found when the code is packaged.
  if (family === "executable" || family === "command") return undefined;
  return `command: Lambda runs the handler with ${runtime} and never the command ${JSON.stringify(command.join(" "))}; give the runtime of its language, or provided.al2023 with an executable "bootstrap" that starts it.`;
}
