const PROTO = "__proto__";
/** Replaces `__proto__` in the store. It is valid in expressions, and no real attribute has this name. */
const ALIAS = "proto_4d0f1c7b9e2a4865";
const IN_EXPRESSION = /(?<![\w#:])__proto__(?!\w)/g;
/** Members whose strings are user data. */
const DATA: ReadonlySet<string> = new Set(["S", "SS", "B", "BS"]);

/** Whether the JSON of a call may contain an attribute `__proto__`. */
export function mayNameProto(text: string): boolean {
  return text.includes(PROTO) || text.includes("\\u");
}

/**
 * A copy of a call without attributes named `__proto__`: the store keeps attributes in plain objects, where
 * assigning it would set the prototype.
 */
export function withoutProto(input: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => [
      name === PROTO ? ALIAS : name,
      changed(value, name),
    ]),
  );
}

function changed(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return value.map((each) => changed(each, name));
  if (typeof value === "object" && value !== null) return withoutProto(value);
  if (typeof value !== "string" || DATA.has(name)) return value;
  if (name.endsWith("Expression")) return value.replace(IN_EXPRESSION, ALIAS);
  return value === PROTO ? ALIAS : value;
}

/** The JSON of a response, with the attribute names of the call. */
export function withProto(answer: string): string {
  return answer.replaceAll(ALIAS, PROTO);
}
