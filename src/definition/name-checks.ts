import { isObject } from "../values/json.ts";
import { type Path, placeOf, type Report } from "./faults.ts";
import { type Api, entriesOf, type Parts, type Table, textOf } from "./raw-parts.ts";
import { isProject } from "./schema.ts";

/** `/{stage}` leads to the first API and `/{apiName}/{stage}` to any, so these names must differ. */
export function checkApiNames(definition: Parts, apis: readonly Api[], report: Report): void {
  if (!isProject(definition)) return;
  if (isObject(definition.apis) && apis.length === 0) {
    report(["apis"], "is empty. Add at least one API.");
  }
  for (const { path, definition: api } of apis) {
    if (isObject(api.stages) && Object.keys(api.stages).length === 0) {
      report([...path, "stages"], "is empty. Add at least one stage.");
    }
  }
  const onAws = ({ name, definition: api }: Api) =>
    typeof api.name === "string" ? api.name : `${textOf(definition.name)}-${name}`;
  checkUnique(
    apis.map((api) => ({ ...api, name: onAws(api) })),
    "API",
    report,
  );
  const [first] = apis;
  const stages = first === undefined ? [] : entriesOf(first.definition.stages);
  for (const api of apis.filter(({ name }) => stages.some(([stage]) => stage === name))) {
    report(
      api.path,
      `"${api.name}" is a stage of ${placeOf(first?.path ?? [])} too, so the path /${api.name} is ambiguous. Rename one of them.`,
    );
  }
}

export function checkTableNames(definition: Parts, tables: readonly Table[], report: Report): void {
  const isTaken = isObject(definition.tables) && "connections" in definition.tables;
  const isShadowed = ({ path }: Table) => path[0] === "connectionTable" && isTaken;
  if (tables.some(isShadowed)) {
    report(
      ["tables", "connections"],
      "connectionTable creates a table with this name. Rename this one.",
    );
  }
  checkUnique(
    tables.filter((table) => !isShadowed(table)),
    "table",
    report,
  );
}

/** Checks that names are unique, whether given or generated. */
function checkUnique(
  named: readonly { readonly path: Path; readonly name: string; readonly definition: Parts }[],
  what: string,
  report: Report,
): void {
  const seen = new Map<string, Path>();
  for (const { path, name, definition } of named) {
    const other = seen.get(name);
    seen.set(name, path);
    if (other === undefined) continue;
    report(
      definition.name === undefined ? path : [...path, "name"],
      `"${name}" is the name of ${placeOf(other)} too. Give each ${what} its own name.`,
    );
  }
}
