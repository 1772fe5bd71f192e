import { expect, test } from "vitest";
import {
  bodyProblem,
  requestModelsOf,
} from "../../../../../src/emulator/apigateway/message/rules/request-models.ts";
import { withRouting } from "../../../../../src/emulator/apigateway/message/rules/routed-api.ts";
import { api, route } from "../../started-gateway.ts";

const MODELS = {
  room: { type: "object", required: ["room"] },
  other: { type: "object", required: ["other"] },
  invalid: { type: "no type" },
};

const missing = (name: string) => `[object has missing required properties (["${name}"])]`;

type Case = readonly [string, Readonly<Record<string, string>>, string, object | undefined];

const CASES: readonly Case[] = [
  ["its model", { a: "room" }, '{"kind":"a","room":1}', undefined],
  [
    "its model, which it does not match",
    { a: "room", $default: "other" },
    '{"kind":"a","other":1}',
    {
      because: `the message does not match the model room: ${missing("room")}`,
      details: missing("room"),
    },
  ],
  ["the default model", { a: "room", $default: "other" }, '{"kind":"b","other":1}', undefined],
  [
    "the default model, which it does not match",
    { a: "room", $default: "other" },
    '{"kind":"b","room":1}',
    {
      because: `the message does not match the model other: ${missing("other")}`,
      details: missing("other"),
    },
  ],
  ["no model", { a: "room" }, '{"kind":"b"}', { because: 'the route has no model for "b"' }],
  [
    "an invalid model",
    { a: "invalid" },
    '{"kind":"a"}',
    { because: "the schema of the model invalid is invalid" },
  ],
  [
    "a model that does not exist",
    { a: "none" },
    '{"kind":"a"}',
    { because: "the schema of the model none is invalid" },
  ],
  [
    "a model, and is an array",
    { $default: "room" },
    "[]",
    { because: "a message for the model room must be a JSON object" },
  ],
  [
    "a model, and is not JSON",
    { $default: "room" },
    "hello",
    { because: "the route has models, and the message is not JSON" },
  ],
];

/** The models of a route for each case, so that the schemas are compiled once. */
const MODELS_OF = requestModelsOf(
  api(
    [
      route("ask"),
      ...CASES.map(([name, requestModels]) =>
        route(name, { modelSelectionExpression: "$request.body.kind", requestModels }),
      ),
    ],
    { models: MODELS },
  ),
);

test("only routes with a model selection expression have models", () => {
  expect([...MODELS_OF.keys()]).toEqual(CASES.map(([name]) => name));
});

test.each(CASES)("a message with %s", (name, _, text, problem) => {
  const models = MODELS_OF.get(name);

  expect(models && bodyProblem(models, text)).toEqual(problem);
});

test("an API without a model selection expression compiles no schema", () => {
  const models = new Proxy(MODELS, {
    ownKeys() {
      throw new Error("the models are read");
    },
  });

  expect(requestModelsOf(api([route("join")], { models })).size).toBe(0);
});

test("an API for messages has its route keys, its expression and its models", () => {
  const modelled = route("join", {
    modelSelectionExpression: "$request.body.kind",
    requestModels: { a: "room" },
  });
  const served = api([modelled, route("ask")], { models: MODELS });

  const routed = withRouting(served);

  expect(routed).toMatchObject(served);
  expect([...routed.routeKeys]).toEqual(["join", "ask"]);
  expect(routed.expression).toEqual([{ kind: "body", path: ["action"] }]);
  expect([...routed.requestModels.keys()]).toEqual(["join"]);
});

test("expressions that were not checked are bugs", () => {
  const modelled = route("join", { modelSelectionExpression: "$x", requestModels: {} });

  expect(() => requestModelsOf(api([modelled]))).toThrow(
    /^unchecked model selection expression: "\$x" is not a variable/,
  );
  expect(() => withRouting(api([], { routeSelectionExpression: "" }))).toThrow(
    "unchecked route selection expression: it is empty",
  );
});
