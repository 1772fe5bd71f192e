import type { LocalProject } from "../definition/local-project.ts";
import type { WebSocketApi } from "../definition/project.ts";
import { mapValues } from "../values/map-values.ts";

/** A changed definition with all that cannot be changed while it is served. */
export function keepFixed(before: LocalProject, after: LocalProject): LocalProject {
  const apis = mapValues(before.apis, (api, key) => ({
    ...(after.apis[key] ?? api),
    name: api.name,
    stages: mapValues(api.stages, (stage, name) => after.apis[key]?.stages[name] ?? stage),
    customDomain: api.customDomain,
    domainName: api.domainName,
    hosts: api.hosts,
  }));
  return { ...after, name: before.name, apis };
}

/** What of a changed definition takes effect only when the gateway starts again. */
export function restartReasons(
  before: LocalProject,
  after: LocalProject,
  hasTables: boolean,
): readonly string[] {
  const keys = new Set([...Object.keys(before.apis), ...Object.keys(after.apis)]);
  const isAlone = keys.size === 1;
  const ofApis = [...keys].flatMap((key) => {
    const [old, next] = [before.apis[key], after.apis[key]];
    if (old === undefined || next === undefined) return [`apis.${key}`];
    return fixedFields(old, next).map((field) => (isAlone ? field : `apis.${key}.${field}`));
  });
  return [
    ...(before.name === after.name ? [] : ["name"]),
    ...ofApis,
    ...(!hasTables && Object.keys(after.tables).length > 0 ? ["tables"] : []),
  ];
}

/** The fields of an API that have changed and cannot while it is served. */
function fixedFields(before: WebSocketApi, after: WebSocketApi): readonly string[] {
  const [domain, nextDomain] = [before.customDomain, after.customDomain];
  const changed: Readonly<Record<string, boolean>> = {
    "stage.name": Object.keys(before.stages).join() !== Object.keys(after.stages).join(),
    customDomain:
      domain?.name !== nextDomain?.name || domain?.mappingKey !== nextDomain?.mappingKey,
    domainName: before.domainName !== after.domainName,
    hosts: before.hosts.join() !== after.hosts.join(),
  };
  return Object.keys(changed).filter((field) => changed[field]);
}
