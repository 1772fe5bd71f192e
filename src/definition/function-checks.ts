import { isObject, objectOf } from "../values/json.ts";
import { calledFunction, isQualified } from "./called-functions.ts";
import { didYouMean, type Path, type Report, shown } from "./faults.ts";
import { type Api, entriesOf, type Parts, type Table, textOf } from "./raw-parts.ts";
import type { Values } from "./references.ts";
import { DEFAULT_RUNTIME, familyOf } from "./runtimes.ts";

/** Finds missing fields, and fields that conflict with the runtime or each other. */
export function checkFunction(path: Path, fn: Parts, report: Report): void {
  const runtime = typeof fn.runtime === "string" ? fn.runtime : DEFAULT_RUNTIME;
  const family = fn.command === undefined ? familyOf(runtime) : undefined;
  if (family === "command") {
    report(
      [...path, "command"],
      `is missing. wsgw itself runs only Node, Python and executables. For ${shown(fn.runtime)}, add the program that uses the Lambda Runtime API, such as ["java", "-jar", "chat.jar"].`,
    );
  }
  if (family === "node" && fn.code !== undefined) {
    report(
      [...path, "code"],
      "cannot be combined with a Node runtime. Write the directory in the handler.",
    );
  }
  const [misplaced, why] =
    family === "node"
      ? [
          ["exclude"],
          "cannot be combined with a Node runtime. Its zip contains only the handler's imports and the files of `include`.",
        ]
      : [
          ["include", "nodeModules"],
          "works with Node runtimes only. Others deploy the whole directory of the code, except the files of `exclude`.",
        ];
  for (const name of misplaced) if (fn[name] !== undefined) report([...path, name], why);
  // the stack cannot change an existing role
  if (fn.role !== undefined && fn.roleStatements !== undefined) {
    report(
      [...path, "roleStatements"],
      "cannot be combined with `role`, which refers to an existing role. Add the statements to that role, or omit `role`.",
    );
  }
}

/** Checks that the project has every function that routes and tables name. */
export function checkFunctionNames(
  definition: Parts,
  apis: readonly Api[],
  tables: readonly Table[],
  report: Report,
): void {
  const names = entriesOf(definition.functions).map(([name]) => name);
  const has = names.length === 0 ? "`functions` is empty" : `\`functions\` has ${names.join(", ")}`;
  const check = (path: Path, name: unknown): void => {
    if (typeof name !== "string" || names.includes(name)) return;
    const instead = didYouMean(name, names) ?? `. ${has}.`;
    report(path, `${shown(name)} is not the name of a function${instead}`);
  };
  for (const api of apis) {
    for (const [key, route] of entriesOf(api.definition.routes)) {
      const path = [...api.path, "routes", key];
      const written = [[[...path, "function"], route.function] as const];
      if (isObject(route.integration)) {
        written.push([[...path, "integration", "function"], route.integration.function]);
      }
      for (const [place, name] of written) {
        if (typeof name === "string" && isQualified(name)) {
          const stages = stagesOf(api).filter(([stage]) => !isMissingAt(route, stage));
          checkQualified(definition, stages, place, name, report);
        } else check(place, name);
      }
    }
    for (const [name, authorizer] of entriesOf(api.definition.authorizers)) {
      check([...api.path, "authorizers", name, "function"], authorizer.function);
    }
  }
  for (const table of tables) {
    const listed = table.definition.functions;
    if (!Array.isArray(listed)) continue;
    for (const [i, name] of listed.entries()) check([...table.path, "functions", i], name);
  }
}

/** Checks that a function with an alias or stage variables exists, with the alias, on each stage. */
function checkQualified(
  definition: Parts,
  stages: ReturnType<typeof stagesOf>,
  path: Path,
  written: string,
  report: Report,
): void {
  const functions = Object.fromEntries(entriesOf(definition.functions));
  for (const [stage, { variables }] of stages) {
    const values = objectOf(variables) as Values;
    const { name, qualifier } = calledFunction(written, values, functions);
    const fn = functions[name];
    const at = `${shown(written)} is ${shown(name)} on stage ${stage}`;
    if (fn === undefined) {
      const problem = `${at}, which is not the name of a function. Set its stage variable to the function's name on AWS: ref("function.NAME.name").`;
      report(path, problem);
    } else if (qualifier !== undefined && !hasQualifier(fn, qualifier)) {
      const aliases = Array.isArray(fn.aliases) ? fn.aliases.map(String) : [];
      const instead = didYouMean(qualifier, aliases) ?? ". Add it to the function's `aliases`.";
      report(path, `${at}, which does not have the alias ${shown(qualifier)}${instead}`);
    }
  }
}

/** Whether a template has no function for a stage of a route. */
function isMissingAt({ integration }: Parts, stage: string): boolean {
  const { missingAt } = objectOf(integration);
  return isObject(missingAt) && Object.hasOwn(missingAt, stage);
}

/** Versions are made by AWS; there may be any. */
function hasQualifier({ aliases }: Parts, qualifier: string): boolean {
  return (
    /^(?:\$LATEST|\d+)$/.test(qualifier) || (Array.isArray(aliases) && aliases.includes(qualifier))
  );
}

function stagesOf({ definition }: Api): readonly (readonly [string, Parts])[] {
  const { stage, stages } = definition;
  return isObject(stage) ? [[textOf(stage.name) ?? "", stage]] : entriesOf(stages);
}
