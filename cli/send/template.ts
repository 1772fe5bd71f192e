/** What a message comes to once its variables are filled in. */
export type Filled =
  | { readonly kind: "filled"; readonly text: string }
  | { readonly kind: "unknown"; readonly name: string };

/** A value by the expression between the braces; undefined when there is none. */
export type Lookup = (expression: string) => unknown;

const VARIABLE = /\\\$\{|\$\{([^{}]*)\}|\$(last(?:\.[A-Za-z_]\w*|\[\d+\])*)(?!\w)/g;

/**
 * Fills `${x}`, `$last` and `$last.field` in. In a message that is JSON a value stands as JSON, or,
 * within a string, as a part of that string; in any other text a string stands as it is. `\${` stays `${`.
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

/** Whether JSON that begins so is within a string at its end. */
function isInString(json: string): boolean {
  let inString = false;
  for (let at = 0; at < json.length; at += 1) {
    if (json[at] === "\\" && inString) at += 1;
    else if (json[at] === '"') inString = !inString;
  }
  return inString;
}
