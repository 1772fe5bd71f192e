import type { Fault } from "../../definition/faults.ts";
import type { LambdaFunction, Project } from "../../definition/project.ts";
import { familyOf } from "../../definition/runtimes.ts";
import { closedRuntime } from "../rules/closed-runtimes.ts";

/**
 * What `wsgw dev` serves and AWS would not run, or run differently, in the order of the functions' names.
 * Empty if the whole project can be deployed.
 */
export function undeployable({ functions }: Pick<Project, "functions">): readonly Fault[] {
  const byName = Object.values(functions).sort((a, b) => (a.name < b.name ? -1 : 1));
  return byName.flatMap(functionProblems);
}

function functionProblems(fn: LambdaFunction): readonly Fault[] {
  const problems = { command: commandProblem(fn), runtime: closedRuntime(fn.runtime) };
  return Object.entries(problems).flatMap(([field, problem]): readonly Fault[] =>
    problem === undefined ? [] : [[["functions", fn.name, field], problem]],
  );
}

/** `command` applies only to this machine. */
function commandProblem({ command, runtime }: LambdaFunction): string | undefined {
  if (command === undefined) return undefined;
  const family = familyOf(runtime);
  // An executable's `bootstrap`, and the libraries of Java, Ruby and .NET, are checked when the code is
  // packaged.
  if (family === "executable" || family === "command") return undefined;
  return `Lambda runs the handler with ${runtime}, not the command ${JSON.stringify(command.join(" "))}. Set the runtime of its language, or provided.al2023 with an executable "bootstrap" that starts it.`;
}
