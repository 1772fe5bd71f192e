import * as v from "valibot";
import { isObject } from "../values/json.ts";
import { shown } from "./faults.ts";
import { keyOf, optional, record, textOf, textThat, trueOrFalse } from "./vocabulary.ts";

/** A JSON Schema of draft 4, as an object. */
export type ModelSchema = Readonly<Record<string, unknown>>;

/** @internal */
export const modelSchema = v.custom<ModelSchema>(
  isObject,
  ({ input }) => `${shown(input)} is not a JSON Schema. A schema is an object.`,
);

/**
 * Names that API Gateway accepts:
 * https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-models.html
 */
const modelName = keyOf(
  /^[A-Za-z0-9]{1,128}$/,
  "cannot name a model. Use letters and digits, at most 128.",
);

/** The fields of an API for its models. @internal */
export const modelFields = {
  models: optional(
    record("a JSON Schema for each name", modelName, modelSchema),
    "Models by name, of letters and digits only: JSON Schemas of draft 4, 32,768 characters at most. A `$ref` names another model or a part of the same one (`#/definitions/NAME`).",
    {},
  ),
  disableSchemaValidation: optional(
    trueOrFalse,
    "True deploys models with invalid schemas too. API Gateway rejects messages that select an invalid one.",
    false,
  ),
};

/**
 * A model selection expression in the words of a route selection expression. Projects also write the key `$default`
 * without the backslash that makes it a fixed string.
 */
export function modelExpression(source: string): string {
  return source === "$default" ? "\\$default" : source;
}

/** The fields of a route about the models of its messages. @internal */
export const requestModelFields = {
  modelSelectionExpression: optional(
    textThat("an expression, such as $request.body.type", (source) => source !== ""),
    "How a message selects a key of `requestModels`: as for routes, such as `$request.body.type`, or a fixed string such as `$default`. With it, every message must match its model.",
  ),
  requestModels: optional(
    record("the name of a model for each key", textOf(1, 128), textOf(1, 128)),
    "Names in `models`, by the result of the expression; `$default` is for all others. API Gateway rejects messages that have no model.",
    {},
  ),
};
