import { expect, test } from "vitest";
import { compileModels } from "../../../../../src/definition/model-validators.ts";
import { validationErrorString } from "../../../../../src/emulator/apigateway/message/rules/validation-errors.ts";

function detailsOf(schema: Readonly<Record<string, unknown>>, value: unknown): string {
  const validator = compileModels({ model: schema }).get("model");
  if (validator?.kind !== "sound") throw new Error("the schema is faulty");
  validator.validate(value);
  return validationErrorString(validator.validate.errors ?? []);
}

test.each<[object, unknown, string]>([
  [{ required: ["b", "a"] }, {}, 'object has missing required properties (["a","b"])'],
  [
    { properties: {}, additionalProperties: false },
    { b: 1, a: 1 },
    'object instance has properties which are not allowed by the schema: ["a","b"]',
  ],
  [
    { dependencies: { card: ["name", "date"] } },
    { card: 1, date: 2 },
    'property "card" of object has missing property dependencies (schema requires ["date","name"]; missing: ["name"])',
  ],
  [
    { type: "number" },
    "x",
    'instance type (string) does not match any allowed primitive type (allowed: ["integer","number"])',
  ],
  [
    { type: ["string", "null"] },
    1.5,
    'instance type (number) does not match any allowed primitive type (allowed: ["null","string"])',
  ],
  [{ enum: ["a", 1] }, "b", 'instance value ("b") not found in enum (possible values: ["a",1])'],
  [{ minimum: 2 }, 1, "numeric instance is lower than the required minimum (minimum: 2, found: 1)"],
  [
    { minimum: 2, exclusiveMinimum: true },
    2,
    "numeric instance is not strictly greater than the required minimum 2",
  ],
  [
    { maximum: 2 },
    3,
    "numeric instance is greater than the required maximum (maximum: 2, found: 3)",
  ],
  [
    { maximum: 2, exclusiveMaximum: true },
    2,
    "numeric instance is not strictly lower than the required maximum 2",
  ],
  [{ multipleOf: 3 }, 10, "remainder of division is not zero (10 / 3)"],
  [{ minLength: 3 }, "é😀", 'string "é😀" is too short (length: 2, required minimum: 3)'],
  [{ maxLength: 1 }, "ab", 'string "ab" is too long (length: 2, maximum allowed: 1)'],
  [{ pattern: "^a" }, "b", 'ECMA 262 regex "^a" does not match input string "b"'],
  [
    { minItems: 2 },
    [1],
    "array is too short: must have at least 2 elements but instance has 1 elements",
  ],
  [
    { maxItems: 1 },
    [1, 2],
    "array is too long: must have at most 1 elements but instance has 2 elements",
  ],
  [{ uniqueItems: true }, [1, 1], "array must not contain duplicate elements"],
  [
    { minProperties: 1 },
    {},
    "object has too few properties (found 0 but schema requires at least 1)",
  ],
  [
    { maxProperties: 1 },
    { a: 1, b: 2 },
    "object has too many properties (found 2 but schema requires at most 1)",
  ],
  [{ not: {} }, 1, "instance matched a schema which it should not have"],
  [
    { anyOf: [{ minimum: 2 }, { minimum: 2 }] },
    1,
    "numeric instance is lower than the required minimum (minimum: 2, found: 1), instance failed to match at least one required schema among 2",
  ],
  [{ oneOf: [{}, {}] }, 1, "instance failed to match exactly one schema (matched 2 out of 2)"],
  [
    { oneOf: [{ minimum: 2 }, { minimum: 3 }] },
    1,
    "numeric instance is lower than the required minimum (minimum: 2, found: 1), numeric instance is lower than the required minimum (minimum: 3, found: 1), instance failed to match exactly one schema (matched 0 out of 2)",
  ],
  [
    { type: "string" },
    null,
    'instance type (null) does not match any allowed primitive type (allowed: ["string"])',
  ],
  [
    { type: "string" },
    [],
    'instance type (array) does not match any allowed primitive type (allowed: ["string"])',
  ],
  [
    { type: "string" },
    1,
    'instance type (integer) does not match any allowed primitive type (allowed: ["string"])',
  ],
  [
    { properties: { in: { required: ["b"] } }, required: ["a"] },
    { in: {} },
    'object has missing required properties (["a"]), object has missing required properties (["b"])',
  ],
  [
    { required: ["a"], allOf: [{ required: ["b"] }] },
    {},
    'object has missing required properties (["b"]), object has missing required properties (["a"])',
  ],
])("of %j, %j says what is wrong as API Gateway does", (schema, value, details) => {
  expect(detailsOf({ ...schema }, value)).toBe(`[${details}]`);
});

test("an error without words of API Gateway's has those of the validator", () => {
  const error = { instancePath: "", schemaPath: "#/format", params: {}, data: "x" };

  expect(
    validationErrorString([{ ...error, keyword: "format", message: "must match format" }]),
  ).toBe("[must match format]");
  expect(validationErrorString([{ ...error, keyword: "format" }])).toBe("[format]");
});
