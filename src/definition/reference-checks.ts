import { circlesIn } from "../values/circles.ts";
import { isObject } from "../values/json.ts";
import { didYouMean, type Path, type Report, shown } from "./faults.ts";
import { type Api, entriesOf, type Parts, type Table } from "./raw-parts.ts";
import { type ReferenceName, referencesOf } from "./references.ts";

/** A reference as written; `path` is that of its name. */
type Written = { readonly path: Path; readonly name: string };

/**
 * Finds references to missing parts of the project, tags that reference more than the region, and functions
 * that reference each other in a circle.
 */
export function checkReferences(
  definition: Parts,
  apis: readonly Api[],
  tables: readonly Table[],
  report: Report,
): void {
  const names = entriesOf(definition.functions).map(([name]) => name);
  const known = referencesOf({
    apis: apis.map(({ name }) => name),
    tables: tables.map(({ logicalName }) => logicalName),
    functions: names,
  });
  const ofFunctions = entriesOf(definition.functions).flatMap(([from, fn]) =>
    writtenInFunction(["functions", from], fn).map((written) => ({ ...written, from })),
  );
  const ofTags = isObject(definition.deploy)
    ? writtenInValues(["deploy", "tags"], definition.deploy.tags)
    : [];
  const ofApis = apis.flatMap((api) => [
    ...writtenInStages(api),
    ...writtenInIdentities(api),
    ...writtenInIntegrations(api),
  ]);
  checkKnown([...ofFunctions, ...ofApis, ...ofTags], known, report);
  checkTags(ofTags, known, report);
  checkCircles(ofFunctions, report);
}

function writtenInFunction(path: Path, fn: Parts): readonly Written[] {
  return [
    ...writtenInValues([...path, "environment"], fn.environment),
    ...writtenIn([...path, "roleStatements"], fn.roleStatements),
  ];
}

function writtenInStages({ path, definition }: Api): readonly Written[] {
  const { stage, stages } = definition;
  return [
    ...(isObject(stage) ? writtenInValues([...path, "stage", "variables"], stage.variables) : []),
    ...entriesOf(stages).flatMap(([name, { variables }]) =>
      writtenInValues([...path, "stages", name, "variables"], variables),
    ),
  ];
}

function writtenInIdentities({ path, definition }: Api): readonly Written[] {
  return entriesOf(definition.identities).flatMap(([name, { statements }]) =>
    writtenIn([...path, "identities", name, "statements"], statements),
  );
}

function writtenInIntegrations({ path, definition }: Api): readonly Written[] {
  return entriesOf(definition.routes).flatMap(([key, { integration }]) => {
    if (!isObject(integration)) return [];
    const at = [...path, "routes", key, "integration"];
    const { uri, requestParameters, requestTemplates, responses, roleStatements } = integration;
    return [
      ...writtenIn([...at, "uri"], uri),
      ...writtenInValues([...at, "requestParameters"], requestParameters),
      ...writtenInValues([...at, "requestTemplates"], requestTemplates),
      ...entriesOf(responses).flatMap(([name, { templates }]) =>
        writtenInValues([...at, "responses", name, "templates"], templates),
      ),
      ...writtenIn([...at, "roleStatements"], roleStatements),
    ];
  });
}

/** A variable itself may have the name `ref`. */
function writtenInValues(path: Path, values: unknown): readonly Written[] {
  if (!isObject(values)) return [];
  return Object.entries(values).flatMap(([name, value]) => writtenIn([...path, name], value));
}

function writtenIn(path: Path, value: unknown): readonly Written[] {
  if (Array.isArray(value)) return value.flatMap((item, i) => writtenIn([...path, i], item));
  if (!isObject(value)) return [];
  if (typeof value.ref === "string") return [{ path: [...path, "ref"], name: value.ref }];
  return writtenInValues(path, value);
}

function checkKnown(
  all: readonly Written[],
  known: readonly ReferenceName[],
  report: Report,
): void {
  for (const { path, name } of all) {
    if (known.some((each) => each === name)) continue;
    const instead = didYouMean(name, known) ?? `. It has ${known.join(", ")}.`;
    report(path, `${shown(name)} does not exist in this project${instead}`);
  }
}

/** CloudFormation applies the tags of a stack before its resources exist. */
function checkTags(all: readonly Written[], known: readonly ReferenceName[], report: Report): void {
  for (const { path, name } of all) {
    if (name === "region" || !known.some((each) => each === name)) continue;
    report(
      path,
      `a tag of a stack cannot refer to ${name}. Write the value, or refer to the region.`,
    );
  }
}

/** CloudFormation creates a function after those that it and its role reference. */
function checkCircles(
  ofFunctions: readonly (Written & { readonly from: string })[],
  report: Report,
): void {
  const edges = ofFunctions.flatMap((written) => {
    const [kind, to] = written.name.split(".");
    return kind === "function" && to !== undefined ? [{ ...written, to }] : [];
  });
  for (const circle of circlesIn(edges)) {
    const [first] = circle;
    if (first === undefined) continue;
    const way = [...circle.map(({ from }) => from), first.from].join(" -> ");
    report(
      first.path,
      `"${first.name}" starts the circular reference ${way}, which CloudFormation rejects. Remove one of these references.`,
    );
  }
}
