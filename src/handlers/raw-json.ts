// A string, a bracket, colon or comma, or a number or word.
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:,]|[^\s"{}[\]:,]+/g;

/**
 * The text of every value in a JSON object, by name and exactly as it was written: parsing and
 * printing it again would lose its spaces, and the last digits of long numbers. Throws for a text
 * that is not a JSON object.
 */
export function rawValues(json: string): ReadonlyMap<string, string> {
  const parsed: unknown = JSON.parse(json);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new SyntaxError("it is not a JSON object");
  }

  const values = new Map<string, string>();
  let depth = 0;
  let name: string | undefined;
  let start = 0;
  let end = 0;
  for (const { 0: token, index } of json.matchAll(TOKEN)) {
    if (depth === 1 && (token === "," || token === "}")) {
      if (name !== undefined) values.set(name, json.slice(start, end).trim());
      name = undefined;
    } else if (depth === 1 && name === undefined) {
      name = JSON.parse(token);
    } else if (depth === 1 && token === ":") {
      start = index + 1;
    }
    if (token === "{" || token === "[") depth += 1;
    if (token === "}" || token === "]") depth -= 1;
    end = index + token.length;
  }
  return values;
}
