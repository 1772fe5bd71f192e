/** Takes a part of a JSON value; `null` when there is no such part. */
export type Selection = {
  readonly expression: string;
  select(value: unknown): unknown;
};

/**
 * Reads a JMESPath expression, the language of `--query` in AWS's command line. Loaded when it is
 * first wanted. Undefined with a reason when the expression is none.
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
    // A function that does not take the empty object is told when a message comes.
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
        return null; // the value is not of the kind that a function in it takes
      }
    },
  };
}
