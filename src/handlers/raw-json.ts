// A string, a bracket, a colon or a comma.
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:,]/g;

/**
 * The text of a value in a JSON object, exactly as written: parsing and printing it again would lose spaces,
 * and the last digits of long numbers. Throws for text that is not a JSON object.
 */
export function rawValue(json: string, wanted: string): string | undefined {
  const parsed: unknown = JSON.parse(json);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new SyntaxError("it is not a JSON object");
  }

  let [depth, start] = [0, 0];
  let name: string | undefined;
  let found: string | undefined;
  for (const { 0: token, index } of json.matchAll(TOKEN)) {
    if (depth === 1 && (token === "," || token === "}")) {
      if (name === wanted) found = json.slice(start, index).trim();
      name = undefined;
    } else if (depth === 1 && token === ":") {
      start = index + 1;
    } else if (depth === 1) {
      name ??= JSON.parse(token);
    }
    if (token === "{" || token === "[") depth += 1;
    if (token === "}" || token === "]") depth -= 1;
  }
  return found;
}
