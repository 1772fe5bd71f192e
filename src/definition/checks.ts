import * as v from "valibot";
import { WsgwError } from "../errors.ts";
import { isObject } from "../values/json.ts";
import type { Project } from "./checked-project.ts";
import { checkConsistency } from "./consistency.ts";
import { mappingWarnings } from "./custom-domain.ts";
import {
  type Fault,
  type ParseExpression,
  type Path,
  sentenceOf,
  shown,
  TEMPLATE_HINT,
} from "./faults.ts";
import { fillIn } from "./fill-in.ts";
import { parameterWarnings } from "./integration-checks.ts";
import { functionsOf, isCustom } from "./integrations.ts";
import { modelWarnings } from "./model-checks.ts";
import { otherThanDefinition } from "./no-definition.ts";
import { placesOf, type WrittenPlace } from "./places.ts";
import { namesIn } from "./references.ts";
import { routeWarnings } from "./route-warnings.ts";
import { successorOf } from "./runtimes.ts";
import { definitionSchema } from "./schema.ts";

/** The gateway's rules that the checks use. */
type CheckRules = { readonly parseExpression: ParseExpression };

/** A valid definition, with warnings about what AWS would accept. */
export type CheckedProject = {
  readonly project: Project;
  readonly warnings: readonly string[];
  /** Formats an error that is found later; also begins with file, line and column. */
  readonly located: (fault: Fault) => string;
};

/**
 * Checks a definition and fills in defaults. Throws CONFIG_INVALID with all errors, one per line. Each begins
 * with `where`, the file as its author would name it, with line and column.
 */
export function checkProject(
  definition: unknown,
  where: string,
  { parseExpression }: CheckRules,
): CheckedProject {
  const places = placesOf(isObject(definition) ? definition : {});
  const { locate, faults: writtenWrong } = places;
  const faults = new Set<string>(); // one error may be found for each of several functions
  const located = (fault: Fault, place: WrittenPlace | undefined = locate(fault[0])): string => {
    const [path, problem] = fault;
    if (place === undefined) return `${where}: ${sentenceOf(fault)}`;
    const file = place.file ?? where;
    return `${file}:${place.line}:${place.column}: ${sentenceOf([place.path ?? path, problem])}`;
  };
  const report = (path: Path, problem: string): void => {
    faults.add(located([path, problem]));
  };

  const other = otherThanDefinition(definition);
  if (other !== undefined || !isObject(definition)) {
    const message = `${where}: ${other ?? shown(definition)} is not an API definition. A definition is an object with name, functions and routes.`;
    throw new WsgwError("CONFIG_INVALID", message);
  }
  for (const { path, place, problem } of writtenWrong) faults.add(located([path, problem], place));
  const parsed = v.safeParse(definitionSchema, definition);
  for (const { path = [], message } of parsed.issues ?? []) {
    report(
      path.map(({ key }) => (typeof key === "number" ? key : String(key))),
      message,
    );
  }
  // Even if parts are invalid: errors between them belong in the same report.
  checkConsistency(definition, parseExpression, report);
  if (!parsed.success || faults.size > 0) {
    const hint = places.isOfTemplate === true ? TEMPLATE_HINT : undefined;
    throw new WsgwError("CONFIG_INVALID", [...faults].join("\n"), { hint });
  }
  const project = fillIn(parsed.output);
  const warnings = [
    ...warningsOf(project, "apis" in parsed.output),
    // in a template, authorizers, queues and others use functions too
    ...(places.isOfTemplate === true ? [] : unusedFunctions(project)),
    ...oldRuntimes(project),
  ];
  return {
    project,
    warnings: warnings.map((fault) => located(fault)),
    located: (fault) => located(fault),
  };
}

/** Warnings, because AWS accepts all of these: what deploys there must start here. */
function warningsOf({ apis }: Project, isLongForm: boolean): readonly Fault[] {
  const warnings: Fault[] = [];
  for (const api of Object.values(apis)) {
    const path = isLongForm ? ["apis", api.key] : [];
    warnings.push(
      ...routeWarnings(api, path),
      ...mappingWarnings(api, path),
      ...modelWarnings(api, path),
      ...parameterWarnings(api, path),
    );
    for (const { routeKey, routeResponse, integration } of Object.values(api.routes)) {
      if (!routeResponse || (routeKey !== "$connect" && routeKey !== "$disconnect")) continue;
      if (isCustom(integration)) continue; // in templates, $connect has it next to the response for 200
      warnings.push([
        [...path, "routes", routeKey, "routeResponse"],
        `${routeKey} has no message to answer. Its route response has no effect.`,
      ]);
    }
  }
  return warnings;
}

function unusedFunctions(project: Project): readonly Fault[] {
  const { functions } = project;
  const used = usedFunctions(project);
  return Object.keys(functions)
    .filter((name) => !used.has(name) && !isNamed(name, functions))
    .map((name) => [["functions", name], "no route uses this function, and nothing refers to it."]);
}

/** One line for each old runtime, whose functions run on the local Node. */
function oldRuntimes({ functions }: Project): readonly Fault[] {
  const { node } = process.versions;
  const [major = ""] = node.split(".");
  const old = Object.values(functions).filter(
    ({ runtime, command }) =>
      command === undefined &&
      runtime.startsWith("nodejs") &&
      successorOf(runtime) !== undefined &&
      !runtime.startsWith(`nodejs${major}.`),
  );
  return [...new Set(old.map(({ runtime }) => runtime))].map((runtime) => {
    const names = old.filter((fn) => fn.runtime === runtime).map(({ name }) => name);
    const run = names.length === 1 ? "the function runs" : `${names.length} functions run`;
    const problem = `${runtime} is not available on this machine. Here, ${run} on Node ${node}.`;
    return [["functions", names[0] ?? "", "runtime"], problem];
  });
}

/** Functions that routes and authorizers use, or that other parts reference, for example to invoke them. */
function usedFunctions({ apis, functions }: Project): ReadonlySet<string> {
  const referring = [
    ...Object.values(functions).map((fn) => [Object.values(fn.environment), fn.roleStatements]),
    ...Object.values(apis).flatMap(({ stages }) =>
      Object.values(stages).map(({ variables }) => Object.values(variables)),
    ),
  ];
  const routes = Object.values(apis).flatMap((api) => Object.values(api.routes));
  const authorizers = Object.values(apis).flatMap((api) => Object.values(api.authorizers));
  return new Set([
    ...authorizers.map((authorizer) => authorizer.function),
    ...routes.flatMap(functionsOf),
    ...namesIn(referring).flatMap((name) => /^function\.([^.]+)\./.exec(name)?.[1] ?? []),
  ]);
}

/**
 * Whether the environment of another function contains this one's name or ARN as a string, and so may invoke
 * it.
 */
function isNamed(name: string, functions: Project["functions"]): boolean {
  const literal = new RegExp(`^(.+:)?${name}(:[\\w$-]+)?$`);
  return Object.values(functions).some(
    (other) =>
      other.name !== name &&
      Object.values(other.environment).some(
        (value) => typeof value === "string" && literal.test(value),
      ),
  );
}
