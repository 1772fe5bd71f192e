import type { LocalProject } from "../../definition/local-project.ts";
import { successorOf } from "../../definition/runtimes.ts";
import { howToServe, type UnservedFunction } from "../../readers/rules/code-elsewhere.ts";
import { inWords } from "../../readers/rules/project-files.ts";
import { blocked, type Finding, good, warning } from "./findings.ts";

/** A sentence about one function, and how to fix it. */
type FunctionFault = { readonly said: string; readonly advice: string };

/** `warnings` are sentences, each about one function. */
export type FunctionsState = {
  readonly count: number;
  /** Interpreters and programs of functions in other languages, once each. */
  readonly programs: readonly string[];
  readonly faults: readonly FunctionFault[];
  readonly warnings: readonly string[];
};

export function judgeFunctions(state: FunctionsState): readonly Finding[] {
  const { count, programs, faults, warnings } = state;
  if (faults.length > 0) {
    return faults.map(({ said, advice }) => blocked("functions", said, advice));
  }
  const by = programs.length === 0 ? "" : ` Run by ${programs.join(", ")}.`;
  const those =
    count === 1 ? "The handler of 1 function is" : `The handlers of ${count} functions are`;
  return [
    good("functions", `${those} there.${by}`),
    ...warnings.map((said) => warning("functions", said)),
  ];
}

/** One warning for each runtime that Lambda rejects for new functions. */
export function judgeRuntimes(functions: LocalProject["functions"]): readonly Finding[] {
  const all = Object.values(functions);
  return [...new Set(all.map(({ runtime }) => runtime))].flatMap((runtime) => {
    const successor = successorOf(runtime);
    if (successor === undefined) return [];
    const names = all.filter((fn) => fn.runtime === runtime).map(({ name }) => name);
    const said = `Lambda rejects new functions with ${runtime}, the runtime of ${inWords(names)}.`;
    return [warning("functions", said, `Change it to ${successor}.`)];
  });
}

export function judgeUnserved(unserved: readonly UnservedFunction[]): readonly Finding[] {
  const inS3 = unserved.filter(({ isInS3 }) => isInS3);
  const [first] = inS3;
  if (first === undefined) return [];
  const said = `The code of ${inWords(inS3.map(({ key }) => key))} is in S3, and wsgw does not download it.`;
  return [warning("functions", said, howToServe(first))];
}

/** A package.json near the functions' code, and its packages that are not installed. */
export type MissingPackages = {
  /** Directory of the package.json, relative to the definition's. */
  readonly directory: string;
  readonly names: readonly string[];
};

export function judgePackages(missing: readonly MissingPackages[]): readonly Finding[] {
  return missing.map(({ directory, names }) => {
    const file = directory === "" ? "package.json" : `${directory}/package.json`;
    const those = names.length === 1 ? "is" : "are";
    const advice = directory === "" ? "Run npm install." : `Run npm install in ${directory}.`;
    return warning(
      "functions",
      `${file} lists ${inWords(names)}, which ${those} not installed.`,
      advice,
    );
  });
}
