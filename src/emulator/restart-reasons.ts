import { mappingsOf } from "../definition/custom-domain.ts";
import { functionsOf } from "../definition/integrations.ts";
import type { LocalProject } from "../definition/local-project.ts";
import type { Project, WebSocketApi } from "../definition/project.ts";
import { mapValues } from "../values/map-values.ts";
import type { Place } from "./options.ts";

/** A valid definition as a start would serve it. */
export type NextProject = Project & Place;

/**
 * A changed definition with the fields that cannot change while it is served. New APIs are not served yet;
 * they are included only for references to them.
 */
export function keepFixed(before: LocalProject, after: Project): Project {
  const apis = mapValues(before.apis, (api, key) => ({
    ...(after.apis[key] ?? api),
    name: api.name,
    stages: mapValues(api.stages, (stage, name) => after.apis[key]?.stages[name] ?? stage),
    customDomain: api.customDomain,
    domainName: api.domainName,
    disableExecuteApiEndpoint: api.disableExecuteApiEndpoint,
    hosts: api.hosts,
  }));
  const isDropped = Object.keys(before.apis).some((key) => after.apis[key] === undefined);
  return {
    ...after,
    name: before.name,
    apis: { ...after.apis, ...apis },
    usagePlans: { ...after.usagePlans, ...(isDropped && before.usagePlans) },
    functions: { ...after.functions, ...functionsOfDropped(before, after) },
  };
}

/** The functions that a changed definition removes together with their APIs: they run until the restart. */
function functionsOfDropped(before: LocalProject, after: Project): Project["functions"] {
  const used = Object.values(before.apis)
    .filter(({ key }) => after.apis[key] === undefined)
    .flatMap(({ routes }) => Object.values(routes).flatMap(functionsOf));
  const names = new Set(used);
  return Object.fromEntries(
    Object.entries(before.functions)
      .filter(([name]) => names.has(name) && after.functions[name] === undefined)
      .map(([name, fn]) => [name, { ...fn, root: "." }]),
  );
}

/** The changed fields that take effect only after a restart, with their names in the definition. */
export function restartReasons(
  before: LocalProject,
  after: NextProject,
  { isLongForm, hasTables }: { readonly isLongForm: boolean; readonly hasTables: boolean },
): readonly string[] {
  const ofProject = (["name", "region", "accountId"] as const).filter(
    (field) => before[field] !== after[field],
  );
  const isRenamed = before.name !== after.name;
  const keys = new Set([...Object.keys(before.apis), ...Object.keys(after.apis)]);
  const ofApis = [...keys].flatMap((key) => {
    const [old, next] = [before.apis[key], after.apis[key]];
    // The short form names its only API after the project.
    if (old === undefined || next === undefined) return isLongForm ? `apis.${key}` : "name";
    const own = isRenamed || old.name === next.name ? [] : ["name"];
    const fields = [...own, ...fixedFields(old, next)];
    return fields.map((field) => (isLongForm ? `apis.${key}.${LONG[field] ?? field}` : field));
  });
  const tables = !hasTables && Object.keys(after.tables).length > 0 ? ["tables"] : [];
  const order = hasSameOrder(before.apis, after.apis) ? [] : ["apis"];
  return [...new Set([...ofProject, ...order, ...ofApis, ...tables])];
}

/** Long-form names of fields that have another name in the short form. */
const LONG: Readonly<Record<string, string>> = { "stage.name": "stages" };

/** The changed fields of an API that cannot change while it is served. */
function fixedFields(before: WebSocketApi, after: WebSocketApi): readonly string[] {
  const [domain, nextDomain] = [before.customDomain, after.customDomain];
  const changed: Readonly<Record<string, boolean>> = {
    "stage.name": Object.keys(before.stages).join() !== Object.keys(after.stages).join(),
    customDomain: domain?.name !== nextDomain?.name || mappingsIn(before) !== mappingsIn(after),
    disableExecuteApiEndpoint: before.disableExecuteApiEndpoint !== after.disableExecuteApiEndpoint,
    domainName: before.domainName !== after.domainName,
    hosts: before.hosts.join() !== after.hosts.join(),
  };
  return Object.keys(changed).filter((field) => changed[field]);
}

function mappingsIn(api: WebSocketApi): string {
  return [...mappingsOf(api)].map(([key, stage]) => `${key}=${stage}`).join("&");
}

/** Whether two records have their common keys in the same order. */
function hasSameOrder(one: object, other: object): boolean {
  const common = (from: object, and: object) =>
    Object.keys(from).filter((key) => Object.hasOwn(and, key));
  return common(one, other).join() === common(other, one).join();
}
