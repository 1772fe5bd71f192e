import type { ApiFunction, RootedProject } from "../../definition/project.ts";
import { familyOf, successorOf } from "../../definition/runtimes.ts";

/**
 * What `wsgw dev` serves and AWS would not run, or not run alike: a sentence each, with the place in
 * the definition and what to do. None when all of the project can be deployed.
 */
export function undeployable({ functions }: Pick<RootedProject, "functions">): readonly string[] {
  return Object.values(functions).flatMap(functionProblems).sort();
}

function functionProblems(fn: ApiFunction): readonly string[] {
  return [runtimeProblem(fn), commandProblem(fn)].flatMap((problem) =>
    problem === undefined ? [] : [`functions.${fn.name}.${problem}`],
  );
}

function runtimeProblem({ runtime }: ApiFunction): string | undefined {
  const successor = successorOf(runtime);
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
