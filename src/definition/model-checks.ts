import { isObject } from "../values/json.ts";
import type { Route, WebSocketApi } from "./checked-project.ts";
import {
  didYouMean,
  type Fault,
  type ParseExpression,
  type Path,
  type Report,
  shown,
} from "./faults.ts";
import { DEFINITION_LIMITS } from "./limits.ts";
import { compileModels } from "./model-validators.ts";
import { type ModelSchema, modelExpression } from "./models.ts";
import { type Api, entriesOf } from "./raw-parts.ts";

/** Finds models that API Gateway cannot deploy, and routes with unknown models or invalid expressions. */
export function checkModels(api: Api, parseExpression: ParseExpression, report: Report): void {
  const { definition, path } = api;
  const names = entriesOf(definition.models).map(([name]) => name);
  const models: Record<string, ModelSchema> = {};
  for (const [name, schema] of entriesOf(definition.models)) {
    const wrong = notJsonIn(schema);
    if (wrong !== undefined) {
      const problem = `JSON cannot express ${shown(wrong.value)}.`;
      report([...path, "models", name, ...wrong.keys], problem);
      continue;
    }
    models[name] = schema;
    const characters = JSON.stringify(schema).length;
    if (characters <= DEFINITION_LIMITS.modelCharacters) continue;
    report(
      [...path, "models", name],
      `${characters} characters exceed API Gateway's limit of ${DEFINITION_LIMITS.modelCharacters}. Split the model.`,
    );
  }
  if (definition.disableSchemaValidation !== true) {
    for (const [at, problem] of schemaFaults(models, path)) report(at, problem);
  }
  for (const [key, route] of entriesOf(definition.routes)) {
    checkRequestModels([...path, "routes", key], route, names, report);
    const source = route.modelSelectionExpression;
    const parsed =
      typeof source === "string" ? parseExpression(modelExpression(source)) : undefined;
    if (parsed?.kind !== "invalid") continue;
    report(
      [...path, "routes", key, "modelSelectionExpression"],
      `${shown(source)} is not a valid expression: ${parsed.problem}. Write it like "$request.body.type".`,
    );
  }
}

/** The first value in an object that JSON cannot express, and the keys that lead to it. */
function notJsonIn(
  object: object,
  above: readonly object[] = [object],
): { readonly keys: readonly string[]; readonly value: unknown } | undefined {
  for (const [key, value] of Object.entries(object)) {
    const isParent = typeof value === "object" && value !== null;
    if (isParent ? above.includes(value) : !isJson(value)) return { keys: [key], value };
    const below = isParent ? notJsonIn(value, [...above, value]) : undefined;
    if (below !== undefined) return { keys: [key, ...below.keys], value: below.value };
  }
  return undefined;
}

function isJson(value: unknown): boolean {
  return typeof value === "number"
    ? Number.isFinite(value)
    : !["bigint", "function", "symbol"].includes(typeof value);
}

function checkRequestModels(
  path: Path,
  { requestModels }: Readonly<Record<string, unknown>>,
  names: readonly string[],
  report: Report,
): void {
  if (!isObject(requestModels)) return;
  const has = names.length === 0 ? "There are no `models`" : `\`models\` has ${names.join(", ")}`;
  for (const [key, name] of Object.entries(requestModels)) {
    if (typeof name !== "string" || names.includes(name)) continue;
    const instead = didYouMean(name, names) ?? `. ${has}.`;
    report([...path, "requestModels", key], `${shown(name)} is not the name of a model${instead}`);
  }
}

/** The errors in schemas; ajv loads only if there are models. */
function schemaFaults(models: Readonly<Record<string, ModelSchema>>, path: Path): readonly Fault[] {
  if (Object.keys(models).length === 0) return [];
  return [...compileModels(models)].flatMap(([name, validator]) =>
    validator.kind === "sound"
      ? []
      : validator.faults.map(
          (fault): Fault => [[...path, "models", name, ...fault.path], fault.problem],
        ),
  );
}

/** Settings that AWS accepts and that have no effect, or another than the author may expect. */
export function modelWarnings(api: WebSocketApi, path: Path): readonly Fault[] {
  const ofSchemas = api.disableSchemaValidation
    ? schemaFaults(api.models, path).map(
        ([at, problem]): Fault => [
          at,
          `${problem} API Gateway rejects messages that select this model.`,
        ],
      )
    : [];
  const ofRoutes = Object.values(api.routes).flatMap((route): readonly Fault[] => {
    const warning = routeWarning(route);
    return warning === undefined
      ? []
      : [[[...path, "routes", route.routeKey, "requestModels"], warning]];
  });
  return [...ofSchemas, ...ofRoutes];
}

function routeWarning(route: Route): string | undefined {
  const { routeKey, modelSelectionExpression, requestModels } = route;
  const hasModels = Object.keys(requestModels).length > 0;
  if (!hasModels && modelSelectionExpression === undefined) return undefined;
  if (routeKey === "$connect" || routeKey === "$disconnect") {
    return `${routeKey} has no message to validate. Its models have no effect.`;
  }
  if (modelSelectionExpression === undefined) {
    return "has no effect without `modelSelectionExpression`, which selects one of them.";
  }
  return hasModels
    ? undefined
    : "is empty, so API Gateway rejects every message of this route. Add a model.";
}
