import { expect, test } from "vitest";
import { parseProxyResult } from "../../../../../src/emulator/apigateway/integrations/rules/proxy-results.ts";

test("drops headers whose values are not strings", () => {
  const headers = {
    "X-Number": 1,
    "X-Object": { toString: 1 },
    "X-List": [{ toString: 1 }],
    "X-Null": null,
  };

  expect(parseProxyResult(JSON.stringify({ statusCode: 200, headers }), false)).toEqual({
    kind: "ok",
    result: { statusCode: 200, headers: { "X-Number": "1" }, body: undefined },
  });
});

test.each([
  [99, undefined],
  [100, 100],
  [599, 599],
  [600, undefined],
  [200.5, undefined],
  ["200", 200],
  ["0200", undefined],
  [" 200", undefined],
])("a statusCode of %j is read as %s", (statusCode, status) => {
  const parsed = parseProxyResult(JSON.stringify({ statusCode }), false);

  expect(parsed.kind === "ok" ? parsed.result.statusCode : undefined).toBe(status);
});

test("of several values of a header the last counts, and headers before multiValueHeaders", () => {
  const multiValueHeaders = { "X-Many": ["first", "last"], "X-Both": ["many"] };
  const headers = { "X-Both": "one", "X-True": true };

  expect(
    parseProxyResult(JSON.stringify({ statusCode: 200, headers, multiValueHeaders }), false),
  ).toEqual({
    kind: "ok",
    result: {
      statusCode: 200,
      headers: { "X-Many": "last", "X-Both": "one", "X-True": "true" },
      body: undefined,
    },
  });
});

test("a setting lets a handler that returned nothing succeed", () => {
  expect(parseProxyResult("null", true)).toEqual({
    kind: "ok",
    result: { statusCode: 200, headers: {}, body: undefined },
  });
});

test("the reason names what is wrong with a result", () => {
  const problem = (value: unknown) => problemOf(JSON.stringify(value));
  const problemOf = (payload: string) => {
    const parsed = parseProxyResult(payload, false);
    return parsed.kind === "malformed" ? parsed.problem : undefined;
  };

  expect(problem({ statusCode: 200, data: 1 })).toBe('the result has the unknown key "data"');
  expect(problem({ body: "x" })).toBe("the result has no statusCode");
  expect(problem({ statusCode: 200, body: 5 })).toBe("body is a number, not a string");
  expect(problem({ statusCode: 200, headers: [] })).toBe("headers is an array, not an object");
  expect(problem([])).toBe("the result is an array, not an object");
  expect(problem({ a: 1, statusCode: 200, b: 2 })).toBe('the result has the unknown key "a", "b"');
  expect(problem({ statusCode: "ok" })).toBe('statusCode is "ok"');
  expect(problem({ statusCode: 200, body: {} })).toBe("body is an object, not a string");
  expect(problem({ statusCode: 200, multiValueHeaders: "x" })).toBe(
    "multiValueHeaders is a string, not an object",
  );
  expect(problem(null)).toBe("the result is null, not an object");
  expect(problem("ok")).toBe("the result is a string, not an object");
  expect(problemOf("{")).toBe("the result is not JSON, not an object");
});
