import { expect, test } from "vitest";
import { checkProject } from "../../src/definition/checks.ts";
import { parseRouteExpression } from "../../src/emulator/apigateway/message/rules/route-expression.ts";

const chat = {
  name: "chat",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "v1" },
  functions: { send: { handler: "src/send.handler" } },
};

const check = (definition: unknown) =>
  checkProject(definition, "wsgw.config.ts", { parseExpression: parseRouteExpression });

/** The chat with models, and a route that has what `route` says. */
const withModels = (models: unknown, route: object = {}, more: object = {}) => ({
  ...chat,
  models,
  routes: { send: { function: "send", ...route } },
  ...more,
});

function containingItself(): object {
  const schema = { type: "array", items: { not: {} } };
  schema.items.not = schema.items;
  return schema;
}

const chosen = { modelSelectionExpression: "$request.body.type" };

test.each<[string, unknown, string]>([
  [
    "10 (9): a model with a name that API Gateway does not take",
    withModels({ "my-model": {} }),
    'models.my-model: "my-model" cannot name a model. Use letters and digits, at most 128.',
  ],
  [
    "a model that is not an object",
    withModels({ order: "{}" }),
    'models.order: "{}" is not a JSON Schema. A schema is an object.',
  ],
  [
    "a bigint",
    withModels({ order: { properties: { size: { maximum: 9n } } } }),
    "models.order.properties.size.maximum: JSON cannot express 9.",
  ],
  [
    "a function",
    withModels({ order: { properties: { size: { default: () => 1 } } } }),
    "models.order.properties.size.default: JSON cannot express a function.",
  ],
  [
    "a number that JSON does not have",
    withModels({ order: { properties: { size: { maximum: Number.POSITIVE_INFINITY } } } }),
    "models.order.properties.size.maximum: JSON cannot express Infinity.",
  ],
  [
    "a schema that contains itself",
    withModels({ order: containingItself() }),
    "models.order.items.not: JSON cannot express an object that contains itself.",
  ],
  [
    "a type that JSON Schema does not know, at its place",
    withModels({ order: { type: "object", properties: { size: { type: "int" } } } }),
    'models.order.properties.size.type: "int" must be equal to one of the allowed values (array, boolean, integer, null, number, object, string). Models are JSON Schemas of draft 4.',
  ],
  [
    "a keyword as later drafts have it",
    withModels({ order: { properties: { size: { exclusiveMinimum: 1 } } } }),
    "models.order.properties.size.exclusiveMinimum: 1 must be boolean. Models are JSON Schemas of draft 4.",
  ],
  [
    "another version of JSON Schema",
    withModels({ order: { $schema: "http://json-schema.org/draft-07/schema#" } }),
    'models.order.$schema: "http://json-schema.org/draft-07/schema#" is not a version of JSON Schema that API Gateway accepts. Write http://json-schema.org/draft-04/schema#.',
  ],
  [
    "a pattern that is not a regular expression",
    withModels({ order: { pattern: "(" } }),
    "models.order: Invalid regular expression: /(/: Unterminated group.",
  ],
  [
    "a reference to a model that does not exist",
    withModels({ order: { properties: { to: { $ref: "adress" } } }, address: {} }),
    'models.order.properties.to.$ref: "adress" is not the name of a model. Did you mean "address"?',
  ],
  [
    "a reference to a part that does not exist",
    withModels({ order: { $ref: "#/definitions/size" } }),
    'models.order.$ref: "#/definitions/size" is not in the schema.',
  ],
  [
    "a reference to another site",
    withModels({ order: { $ref: "https://example.com/order.json" } }),
    'models.order.$ref: "https://example.com/order.json" is not a reference that API Gateway resolves. Write #/definitions/NAME, or the URL of a model: https://apigateway.amazonaws.com/restapis/API_ID/models/NAME.',
  ],
  [
    "10 (8): a model with too many characters",
    withModels({ order: { description: "x".repeat(32_768) } }),
    "models.order: 32786 characters exceed API Gateway's limit of 32768. Split the model.",
  ],
  [
    "a route with a model that does not exist",
    withModels({ order: {} }, { ...chosen, requestModels: { a: "ordr" } }),
    'routes.send.requestModels.a: "ordr" is not the name of a model. Did you mean "order"?',
  ],
  [
    "a route with a model, where there are none",
    { ...withModels({}), routes: { send: { function: "send", requestModels: { a: "order" } } } },
    'routes.send.requestModels.a: "order" is not the name of a model. There are no `models`.',
  ],
  [
    "an expression that selects by a header",
    withModels({ order: {} }, { modelSelectionExpression: "$request.header.type" }),
    'routes.send.modelSelectionExpression: "$request.header.type" is not a valid expression: "$request.header.type" is not a variable that routes can use. Use $request.body.…. Write it like "$request.body.type".',
  ],
])("%s is a fault", (_, definition, fault) => {
  expect(() => check(definition)).toThrow(`wsgw.config.ts: ${fault}`);
});

test("a fault of a model that another one refers to is reported once", () => {
  const models = { order: { $ref: "size" }, size: { minimum: "1" } };

  expect(() => check(withModels(models))).toThrow(
    /^wsgw\.config\.ts: models\.size\.minimum: "1" must be number\. Models are JSON Schemas of draft 4\.$/,
  );
});

test("models of a project's API are faults at their place there", () => {
  const { stage: _, routeSelectionExpression, functions, name } = chat;
  const api = {
    routeSelectionExpression,
    stages: { v1: {} },
    models: { order: { type: 7 } },
    routes: { send: { function: "send" } },
  };

  expect(() => check({ name, functions, apis: { shop: api } })).toThrow(
    "wsgw.config.ts: apis.shop.models.order.type: 7 must be equal to one of the allowed values",
  );
});

test.each<[string, object, string]>([
  [
    "models without an expression",
    { requestModels: { a: "order" } },
    "routes.send.requestModels: has no effect without `modelSelectionExpression`, which selects one of them.",
  ],
  [
    "an expression without models",
    chosen,
    "routes.send.requestModels: is empty, so API Gateway rejects every message of this route. Add a model.",
  ],
])("warns of %s", (_, route, warning) => {
  expect(check(withModels({ order: {} }, route)).warnings).toEqual([`wsgw.config.ts: ${warning}`]);
});

test("disableSchemaValidation makes warnings of the faults of schemas", () => {
  const definition = withModels(
    { order: { type: "objekt" } },
    {},
    { disableSchemaValidation: true },
  );

  expect(check(definition).warnings).toEqual([
    expect.stringMatching(
      /^wsgw\.config\.ts: models\.order\.type: .*API Gateway rejects messages that select this model\.$/,
    ),
  ]);
});

test("schemas with keywords, formats and ids that draft 4 does not know are sound", () => {
  const order = {
    $schema: "http://json-schema.org/draft-04/schema#",
    id: "http://json-schema.org/draft-04/schema#",
    title: "Order",
    example: { size: 1 },
    properties: { id: { type: "string", format: "order-number" } },
  };

  expect(check(withModels({ order, other: order })).warnings).toEqual([]);
});
