import { isObject, listOf } from "../values/json.ts";
import { didYouMean, type Path, placeOf, type Report, shown } from "./faults.ts";
import { type Api, entriesOf, type Parts } from "./raw-parts.ts";

type Stage = { readonly path: Path; readonly name: string; readonly definition: Parts };

/** Finds errors between API keys, usage plans, their stages, and the limits of routes. */
export function checkUsage(definition: Parts, apis: readonly Api[], report: Report): void {
  const keys = entriesOf(definition.apiKeys);
  const plans = entriesOf(definition.usagePlans);
  checkValues(keys, report);
  for (const [name, plan] of plans) {
    const path = ["usagePlans", name];
    const names = keys.map(([key]) => key);
    for (const [at, key] of listOf(plan.apiKeys).entries()) {
      checkName([...path, "apiKeys", at], key, "an API key", ["apiKeys", names], report);
    }
    for (const [at, each] of listOf(plan.apiStages).entries()) {
      if (isObject(each)) checkStage([...path, "apiStages", at], each, apis, report);
    }
  }
  for (const api of apis) {
    checkRequired(api, plans, report);
    for (const stage of stagesOf(api)) checkRouteSettings(api, stage, report);
  }
}

/** API Gateway's error for the second is "API Key already exists". */
function checkValues(keys: readonly (readonly [string, Parts])[], report: Report): void {
  const seen = new Map<unknown, string>();
  for (const [name, { value }] of keys) {
    const other = seen.get(value);
    if (value === undefined) continue;
    seen.set(value, name);
    if (other === undefined) continue;
    const where = placeOf(["apiKeys", other]);
    report(["apiKeys", name, "value"], `is the value of ${where} too. Give each key its own.`);
  }
}

function checkStage(path: Path, { api, stage }: Parts, apis: readonly Api[], report: Report): void {
  const names = apis.map(({ name }) => name);
  checkName([...path, "api"], api, "an API", ["The project", names], report);
  const named = apis.find(({ name }) => name === api);
  if (named === undefined) return;
  const stages = stagesOf(named).map(({ name }) => name);
  checkName([...path, "stage"], stage, "a stage", [`The API ${named.name}`, stages], report);
}

function checkName(
  path: Path,
  name: unknown,
  what: string,
  [where, known]: readonly [where: string, names: readonly string[]],
  report: Report,
): void {
  if (typeof name !== "string" || known.includes(name)) return;
  const has = `${where === "apiKeys" ? "`apiKeys`" : where} has ${known.join(", ") || "none"}`;
  report(
    path,
    `${shown(name)} is not the name of ${what}${didYouMean(name, known) ?? `. ${has}.`}`,
  );
}

/** A key is part of the handshake, and valid if a usage plan contains it for the stage. */
function checkRequired(
  { path, name, definition }: Api,
  plans: readonly (readonly [string, Parts])[],
  report: Report,
): void {
  const isCovered = plans.some(
    ([, { apiStages }]) =>
      apiStages === undefined ||
      listOf(apiStages).some((each) => isObject(each) && each.api === name),
  );
  for (const [key, { apiKeyRequired }] of entriesOf(definition.routes)) {
    if (apiKeyRequired !== true) continue;
    const place = [...path, "routes", key, "apiKeyRequired"];
    if (key !== "$connect") {
      report(
        place,
        "works on $connect only, because messages have no headers. Remove it from this route.",
      );
    } else if (!isCovered) {
      const problem =
        "no usage plan contains a stage of this API, so API Gateway rejects every client. Add one to `usagePlans`.";
      report(place, problem);
    }
  }
}

/** API Gateway accepts settings only for existing routes. */
function checkRouteSettings(api: Api, { path, definition }: Stage, report: Report): void {
  const routes = entriesOf(api.definition.routes).map(([key]) => key);
  for (const field of ["throttle", "executionLog"] as const) {
    const settings = definition[field];
    for (const [key] of entriesOf(isObject(settings) ? settings.routes : undefined)) {
      if (routes.includes(key)) continue;
      const instead = didYouMean(key, routes) ?? `. The API has ${routes.join(", ") || "none"}.`;
      report([...path, field, "routes", key], `${shown(key)} is not a route${instead}`);
    }
  }
}

function stagesOf({ path, definition }: Api): readonly Stage[] {
  const { stage, stages } = definition;
  if (isObject(stage)) {
    const name = typeof stage.name === "string" ? stage.name : "";
    return [{ path: [...path, "stage"], name, definition: stage }];
  }
  return entriesOf(stages).map(([name, each]) => ({
    path: [...path, "stages", name],
    name,
    definition: each,
  }));
}
