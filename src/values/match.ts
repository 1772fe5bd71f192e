import { isDeepStrictEqual } from "node:util";

/** `expect.stringContaining("x")` and similar, of any test runner. */
type AsymmetricMatcher = {
  asymmetricMatch(actual: unknown): boolean;
  toAsymmetricMatcher?(): string;
};

/** Whether `actual` contains everything in `expected`; arrays must have the same length. */
export function matchesValue(expected: unknown, actual: unknown): boolean {
  if (isAsymmetric(expected)) return expected.asymmetricMatch(actual);
  if (expected instanceof RegExp) return typeof actual === "string" && actual.search(expected) >= 0;
  if (Array.isArray(expected)) {
    return (
      Array.isArray(actual) &&
      actual.length === expected.length &&
      expected.every((each, at) => matchesValue(each, actual[at]))
    );
  }
  if (!isPlainObject(expected)) return isDeepStrictEqual(expected, actual);
  if (typeof actual !== "object" || actual === null || Array.isArray(actual)) return false;
  return Object.entries(expected).every(([key, value]) =>
    matchesValue(value, Reflect.get(actual, key)),
  );
}

export function isAsymmetric(value: unknown): value is AsymmetricMatcher {
  return (
    (typeof value === "object" || typeof value === "function") &&
    value !== null &&
    typeof Reflect.get(value, "asymmetricMatch") === "function"
  );
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
