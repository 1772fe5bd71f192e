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
