import { inspect } from "node:util";
import { parseJson } from "../values/json.ts";
import { isAsymmetric, matchesValue } from "../values/match.ts";

/**
 * The condition for a message. A string must be equal; an object must be part of the message's JSON; a
 * function is called with the text. Matchers of the test runner may be used anywhere.
 */
export type Expected =
  | string
  | number
  | boolean
  | null
  | RegExp
  | ((message: string) => boolean)
  | object;

/** Whether the text of a message matches. */
export function matchesMessage(expected: unknown, text: string): boolean {
  if (typeof expected === "string") return text === expected;
  if (expected instanceof RegExp) return text.search(expected) >= 0;
  if (typeof expected === "function" && !isAsymmetric(expected)) return Boolean(expected(text));
  if (isAsymmetric(expected) && expected.asymmetricMatch(text)) return true;
  const json = parseJson(text);
  return json !== undefined && matchesValue(expected, json.value);
}

/** The condition as text in an error. */
export function describeExpected(expected: unknown): string {
  if (isAsymmetric(expected)) return expected.toAsymmetricMatcher?.() ?? String(expected);
  if (typeof expected === "function") return `what ${expected.name || String(expected)} takes`;
  if (typeof expected === "string") return JSON.stringify(expected);
  return inspect(expected, { breakLength: Number.POSITIVE_INFINITY, depth: 10 });
}
