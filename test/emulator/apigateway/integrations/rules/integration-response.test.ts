import { expect, test } from "vitest";
import { convertContent } from "../../../../../src/emulator/apigateway/integrations/rules/content-handling.ts";
import {
  chooseResponse,
  literalStatus,
} from "../../../../../src/emulator/apigateway/integrations/rules/integration-response.ts";
import { mockStatus } from "../../../../../src/emulator/apigateway/integrations/rules/mock-status.ts";
import { choosePayload } from "../../../../../src/emulator/apigateway/integrations/rules/request-payload.ts";
import {
  evaluateSelection,
  inBody,
  selectTemplate,
} from "../../../../../src/emulator/apigateway/integrations/rules/select-template.ts";

const answer = (statusCode: number, body = "") => ({
  statusCode,
  headers: {},
  body: Buffer.from(body),
});
const responses = {
  "/2\\d\\d/": { templates: { a: "ok" } },
  "/4../": { templates: { a: "no" } },
  "/404/": { templates: { a: "never" } },
};
const $default = { templates: { a: "default" } };

test.each([
  [200, "/2\\d\\d/"],
  [404, "/4../"],
])("the first response whose pattern matches the status %s is chosen", (status, key) => {
  expect(chooseResponse(responses, answer(status), false)).toEqual({
    kind: "response",
    key,
    response: responses[key as keyof typeof responses],
  });
});

test("$default is for a status that no pattern matches as a whole", () => {
  const chosen = { kind: "response", key: "$default", response: $default };

  expect(chooseResponse({ $default, ...responses }, answer(500), false)).toEqual(chosen);
  expect(chooseResponse({ $default, "/20/": {}, "/00/": {} }, answer(200), false)).toEqual(chosen);
  expect(chooseResponse({ $default, "/a|20/": {} }, answer(200), false)).toEqual(chosen);
  expect(chooseResponse(responses, answer(500), false)).toEqual({
    kind: "none",
    because:
      "Configuration error: No match for output mapping and no default output mapping configured. Endpoint Response Status Code: 500",
  });
});

test("an integration without responses passes the answer through", () => {
  expect(chooseResponse(undefined, answer(200), false)).toEqual({ kind: "passed-through" });
  expect(chooseResponse({}, answer(200), false)).toEqual({ kind: "passed-through" });
});

test.each([
  ['{"errorMessage":"boom 5"}', "/boom.*/"],
  ['{"errorMessage":"2"}', "$default"],
  ['{"errorMessage":2}', "$default"],
  ['"boom"', "$default"],
  ["boom", "$default"],
  ['{"statusCode":200}', "$default"],
])("of a function that answers %s the response %s is chosen", (body, key) => {
  const patterns = { "/boom.*/": {}, "/200/": {}, $default };

  expect(chooseResponse(patterns, answer(200, body), true)).toMatchObject({ key });
});

test.each([
  ["/200/", 200],
  ["/20/", undefined],
  ["/2000/", undefined],
  ["a/200/", undefined],
  ["/200/a", undefined],
  ["$default", undefined],
])("the status of the key %s is %s", (key, status) => {
  expect(literalStatus(key)).toBe(status);
});

test.each([
  [undefined, "aé", "aé"],
  ["CONVERT_TO_TEXT", "aé", "YcOp"],
  ["CONVERT_TO_BINARY", "YcOp", "aé"],
  ["CONVERT_TO_BINARY", "YQ==", "a"],
  ["CONVERT_TO_BINARY", "YWI=", "ab"],
  ["CONVERT_TO_BINARY", "", ""],
  ["CONVERT_TO_BINARY", "YcO", undefined],
  ["CONVERT_TO_BINARY", "?YcOp", undefined],
  ["CONVERT_TO_BINARY", "YcOp?", undefined],
  ["CONVERT_TO_BINARY", "YQ==YQ==", undefined],
] as const)("%s makes of %j %j", (handling, text, converted) => {
  const bytes = convertContent(Buffer.from(text), handling);

  expect(bytes && Buffer.from(bytes).toString()).toBe(converted);
});

test.each([
  ['{"statusCode": 200}', 200],
  ['{"statusCode": 404, "a": 1}', 404],
  ["{statusCode: 200}", 200],
  ["{'statusCode': 200}", 200],
  ["{a : 'b', statusCode : 500 }", 500],
  ['{"statusCode": "200"}', undefined],
  ['{"statusCode": 200.5}', undefined],
  ["{}", undefined],
  ["200", undefined],
  ["", undefined],
  ["{statusCode}", undefined],
])("the status of the mock's output %s is %s", (text, status) => {
  expect(mockStatus(text)).toBe(status);
});

test.each([
  [{}, { kind: "passed-through" }],
  [{ requestTemplates: { a: "T" } }, { kind: "template", source: "T" }],
  [{ passthroughBehavior: "WHEN_NO_MATCH" }, { kind: "passed-through" }],
  [{ passthroughBehavior: "WHEN_NO_TEMPLATES" }, { kind: "passed-through" }],
  [
    { passthroughBehavior: "NEVER" },
    {
      kind: "rejected",
      because: "no request template matches, and passthroughBehavior is NEVER",
    },
  ],
  [
    {
      passthroughBehavior: "WHEN_NO_TEMPLATES",
      requestTemplates: { a: "T" },
      templateSelectionExpression: "b",
    },
    {
      kind: "rejected",
      because: "no request template matches, and passthroughBehavior is WHEN_NO_TEMPLATES",
    },
  ],
  [
    {
      passthroughBehavior: "WHEN_NO_MATCH",
      requestTemplates: { a: "T" },
      templateSelectionExpression: "b",
    },
    { kind: "passed-through" },
  ],
  [
    {
      passthroughBehavior: "NEVER",
      requestTemplates: { say: "T" },
      templateSelectionExpression: "${request.body.action}",
    },
    { kind: "template", source: "T" },
  ],
] as const)("the payload of %o is %o", (integration, payload) => {
  expect(choosePayload(integration, '{"action":"say"}')).toEqual(payload);
});

test.each([
  ["a", "a"],
  ["$x", "1"],
  ["${x}", "1"],
  ["${x}-$y.z", "1-2"],
  ["$none", ""],
  ["\\$x", "$x"],
  ["$x,$x", "1,1"],
  ["$", ""],
])("the expression %s selects %j", (expression, value) => {
  const values = new Map([
    ["x", "1"],
    ["y.z", "2"],
  ]);

  expect(evaluateSelection(expression, (name) => values.get(name))).toBe(value);
});

test.each([
  [{ a: "A", $default: "D" }, "a", "A"],
  [{ a: "A", $default: "D" }, "b", "D"],
  [{ a: "A", "\\$default": "D" }, "b", "D"],
  [{ a: "A" }, "b", undefined],
  [{ a: "A", $default: "D", "application/json": "J" }, undefined, "D"],
  [{ a: "A", "application/json": "J" }, undefined, "J"],
  [{ a: "A" }, undefined, "A"],
  [{ a: "A", b: "B" }, undefined, undefined],
  [{}, undefined, undefined],
  [undefined, undefined, undefined],
  [undefined, "a", undefined],
])("of the templates %o the expression %s selects %s", (templates, expression, template) => {
  expect(selectTemplate(templates, expression, () => undefined)).toBe(template);
});

test("variables of a message are paths of its body", () => {
  const of = inBody('{"a":{"b":"x"},"n":1}');

  expect(of("request.body.a.b")).toBe("x");
  expect(of("request.body.n")).toBe("1");
  expect(of("request.body.a.c")).toBeUndefined();
  expect(of("nope.a")).toBeUndefined();
  expect(of("}")).toBeUndefined();
  expect(inBody("x")("request.body.a")).toBeUndefined();
});
