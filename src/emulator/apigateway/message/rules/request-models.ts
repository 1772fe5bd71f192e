import type { Route } from "../../../../definition/checked-project.ts";
import { compileModels, type ModelValidator } from "../../../../definition/model-validators.ts";
import { modelExpression } from "../../../../definition/models.ts";
import { isObject, parseJson } from "../../../../values/json.ts";
import type { ServedApi } from "../../rules/served-api.ts";
import {
  evaluateExpression,
  parseRouteExpression,
  type RouteExpression,
} from "./route-expression.ts";
import { validationErrorString } from "./validation-errors.ts";

/** The models of a route; a message must match one. */
export type RequestModels = {
  readonly expression: RouteExpression;
  /** Models by value of the expression; `$default` is for all other values. */
  readonly byKey: ReadonlyMap<string, NamedModel>;
};

type NamedModel = { readonly name: string; readonly validator: ModelValidator | undefined };

/**
 * The models that validate messages of an API's routes, by route key. Without models, no schema is compiled.
 */
export function requestModelsOf({
  models,
  routes,
}: Pick<ServedApi, "models" | "routes">): ReadonlyMap<string, RequestModels> {
  const validating = Object.values(routes).filter(
    ({ modelSelectionExpression }) => modelSelectionExpression !== undefined,
  );
  if (validating.length === 0) return new Map();
  const validators = compileModels(models);
  return new Map(validating.map((route) => [route.routeKey, modelsOf(route, validators)]));
}

function modelsOf(
  { modelSelectionExpression = "", requestModels }: Route,
  validators: ReadonlyMap<string, ModelValidator>,
): RequestModels {
  const parsed = parseRouteExpression(modelExpression(modelSelectionExpression));
  if (parsed.kind === "invalid") {
    throw new Error(`unchecked model selection expression: ${parsed.problem}`);
  }
  const byKey = Object.entries(requestModels).map(
    ([key, name]) => [key, { name, validator: validators.get(name) }] as const,
  );
  return { expression: parsed.expression, byKey: new Map(byKey) };
}

/** Why a body is rejected. */
export type Misfit = {
  readonly because: string;
  /** The validation error, if a model produced one. */
  readonly details?: string;
};

/**
 * Why the body of a message is rejected; undefined if it matches the model that the route's expression
 * selects. Assumed: a body that is not a JSON object matches no model.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-request-validation.html
 */
export function bodyProblem(
  { expression, byKey }: RequestModels,
  text: string,
): Misfit | undefined {
  const body = parseJson(text);
  if (body === undefined) return { because: "the route has models, and the message is not JSON" };
  const { value } = evaluateExpression(expression, body.value);
  const model = byKey.get(value) ?? byKey.get("$default");
  if (model === undefined)
    return { because: `the route has no model for ${JSON.stringify(value)}` };
  const { name, validator } = model;
  if (!isObject(body.value)) {
    return { because: `a message for the model ${name} must be a JSON object` };
  }
  if (validator?.kind !== "sound") return { because: `the schema of the model ${name} is invalid` };
  const { validate } = validator;
  if (validate(body.value) === true) return undefined;
  const details = validationErrorString(validate.errors ?? []);
  return { because: `the message does not match the model ${name}: ${details}`, details };
}
