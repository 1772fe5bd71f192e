import { inspect, isDeepStrictEqual } from "node:util";

/** `expect.stringContaining("x")` and the like, of whichever test runner. */
type AsymmetricMatcher = {
  asymmetricMatch(actual: unknown): boolean;
  toAsymmetricMatcher?(): string;
};

/**
 * What a message is expected to be. Text must be equal; an object must be a part of the message's
 * JSON; a function is asked with the text; matchers of the test runner may stand anywhere.
 */
export type Expected =
  | string
  | number
  | boolean
  | null
  | RegExp
  | ((message: string) => boolean)
  | object;

/** Whether the text of one message is what is expected. */
export function matchesMessage(expected: unknown, text: string): boolean {
  if (typeof expected === "string") return text === expected;
  if (expected instanceof RegExp) return text.search(expected) >= 0;
  if (typeof expected === "function" && !isAsymmetric(expected)) return Boolean(expected(text));
  if (isAsymmetric(expected) && expected.asymmetricMatch(text)) return true;
  const json = parseJson(text);
  return json !== undefined && matchesValue(expected, json.value);
}

/** Whether `actual` has everything that `expected` names; arrays must have as many elements. */
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
  if (typeof actual !== "object" || actual === null) return false;
  return Object.entries(expected).every(([key, value]) =>
    matchesValue(value, Reflect.get(actual, key)),
  );
}

/** What is expected, for the sentence of an error. */
export function describeExpected(expected: unknown): string {
  if (isAsymmetric(expected)) return expected.toAsymmetricMatcher?.() ?? String(expected);
  if (typeof expected === "function") return `what ${expected.name || String(expected)} takes`;
  if (typeof expected === "string") return JSON.stringify(expected);
  return inspect(expected, { breakLength: Number.POSITIVE_INFINITY, depth: 10 });
}

/** The value of JSON text, in an object because it may be `undefined`'s neighbour `null`. */
export function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function isAsymmetric(value: unknown): value is AsymmetricMatcher {
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
