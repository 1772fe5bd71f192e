import { parseJson } from "../../src/values/json.ts";

/** Selects a part of a JSON value; `null` if it does not exist. */
export type Selection = {
  readonly expression: string;
  select(value: unknown): unknown;
};

/**
 * Parses a JMESPath expression, the language of `--query` in the AWS CLI. The parser is loaded on first use.
 * Returns a reason for an invalid expression.
 * @see https://jmespath.org/specification.html
 */
export async function readSelection(
  expression: string,
): Promise<Selection | { readonly problem: string }> {
  const { search } = await import("@aws-lambda-powertools/jmespath");
  const select = (value: unknown): unknown =>
    search(expression, value as Parameters<typeof search>[1]);
  try {
    select({});
  } catch (error) {
    const { name, message } = error instanceof Error ? error : { name: "", message: "" };
    // A function that does not accept the empty object fails only when a message arrives.
    if (name !== "JMESPathTypeError" && name !== "ArityError") {
      return { problem: message.split("\n")[0] ?? "" };
    }
  }
  return {
    expression,
    select(value) {
      try {
        return select(value) ?? null;
      } catch {
        return null; // the value does not have the type that a function in the expression needs
      }
    },
  };
}

/**
 * The part of a message to show; undefined if the message is not JSON or lacks it, which is noted at the prompt
 * and skipped in scripts. Strings have no quotes, for shells.
 */
export function selected(text: string, selection: Selection | undefined): string | undefined {
  if (selection === undefined) return text;
  const value = selection.select(parseJson(text)?.value);
  if (value === null || value === undefined) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}
