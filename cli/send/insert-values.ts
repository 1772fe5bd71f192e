/** A message with its variables replaced. */
export type Filled =
  | { readonly kind: "filled"; readonly text: string }
  | { readonly kind: "unknown"; readonly name: string };

/** The value of an expression in braces; undefined if it does not exist. */
export type Lookup = (expression: string) => unknown;

const VARIABLE = /\\\$\{|\$\{([^{}]*)\}|\$(last(?:\.[A-Za-z_]\w*|\[\d+\])*)(?!\w)/g;

/**
 * Replaces `${x}`, `$last` and `$last.field`. In JSON a value is inserted as JSON or, within a string, as a
 * part of that string; in other text a string is inserted unchanged. `\${` becomes `${`.
 */
export function fillIn(text: string, lookup: Lookup): Filled {
  const json = /^\s*[{["]/.test(text);
  let unknown: string | undefined;
  const filled = text.replace(VARIABLE, (whole, braced?: string, bare?: string, at?: number) => {
    const expression = (braced ?? bare)?.trim();
    if (expression === undefined) return "${";
    const value = lookup(expression);
    if (value === undefined) {
      unknown ??= whole;
      return whole;
    }
    return written(value, !json ? "text" : isInString(text.slice(0, at)) ? "in-string" : "json");
  });
  return unknown === undefined
    ? { kind: "filled", text: filled }
    : { kind: "unknown", name: unknown };
}

function written(value: unknown, where: "text" | "json" | "in-string"): string {
  if (where === "json") return JSON.stringify(value);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return where === "text" ? text : JSON.stringify(text).slice(1, -1);
}

/** Whether JSON that starts this way ends within a string. */
function isInString(json: string): boolean {
  let inString = false;
  for (let at = 0; at < json.length; at += 1) {
    if (json[at] === "\\" && inString) at += 1;
    else if (json[at] === '"') inString = !inString;
  }
  return inString;
}
