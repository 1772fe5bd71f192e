import { expect, test } from "vitest";
import {
  chooseResponse,
  literalStatus,
} from "../../../../../src/emulator/apigateway/integrations/rules/integration-response.ts";

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
