const EXPRESSIONS = ["ConditionExpression", "FilterExpression", "KeyConditionExpression"];

/** The store's parser takes four times as long for each level of parentheses; this limit is half a second. */
const MOST_WORK = 16_384;

/**
 * The parameter of a call whose parentheses are too deep for the store: more than five or six levels, depending
 * on what is inside.
 */
export function tooDeepIn(input: Readonly<Record<string, unknown>>): string | undefined {
  return EXPRESSIONS.find((name) => {
    const expression = input[name];
    return typeof expression === "string" && workOf(expression) > MOST_WORK;
  });
}

const PARTS = /\b(?:attribute_\w+|begins_with|contains|size)\s*\(|[()]|\b(?:AND|OR)\b/gi;

/** Parse time of an expression, in steps. */
function workOf(expression: string): number {
  if (!expression.includes("(")) return 0;
  let work = 0;
  const levels: boolean[] = []; // whether a parenthesis is for grouping, or belongs to a function
  let depth = 0;
  for (const [part] of expression.matchAll(PARTS)) {
    if (part === ")") {
      if (levels.pop() === true) depth -= 1;
      continue;
    }
    if (part.endsWith("(")) levels.push(part === "(");
    if (part === "(") depth += 1;
    work += 4 ** depth;
  }
  return work;
}
