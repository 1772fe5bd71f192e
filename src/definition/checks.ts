import * as v from "valibot";
import { WsgwError } from "../errors.ts";
import { isObject, objectOf } from "../values/json.ts";
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
import { modelWarnings } from "./model-checks.ts";
import { otherThanDefinition } from "./no-definition.ts";
import { oldRuntimes } from "./outdated-runtimes.ts";
import { placesOf, type WrittenPlace } from "./places.ts";
import { responseWarnings, routeWarnings } from "./route-warnings.ts";
import { definitionSchema } from "./schema.ts";
import { unusedFunctions } from "./unused-functions.ts";

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
  const places = placesOf(objectOf(definition));
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
      ...responseWarnings(api, path),
    );
  }
  return warnings;
}
