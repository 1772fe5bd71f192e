/** A selection expression, split into static text and paths into the message. */
export type RouteExpression = readonly Part[];

type Part =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "body"; readonly path: readonly (string | number)[] };

export type ParsedExpression =
  | { readonly kind: "ok"; readonly expression: RouteExpression }
  | { readonly kind: "invalid"; readonly problem: string };

/**
 * Parses a route selection expression: any mixture of `$request.body.path`, `${request.body.path}`, static
 * text, and `\$` for a literal dollar sign.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-selection-expressions.html
 */
export function parseRouteExpression(source: string): ParsedExpression {
  if (source === "") return invalid("it is empty");
  const parts: Part[] = [];
  let text = "";
  let at = 0;

  while (at < source.length) {
    if (source.startsWith("\\$", at)) {
      text += "$";
      at += 2;
      continue;
    }
    if (source[at] !== "$") {
      text += source[at];
      at += 1;
      continue;
    }
    const variable = readVariable(source, at);
    if (variable.kind === "invalid") return variable;
    if (text !== "") parts.push({ kind: "text", text });
    text = "";
    parts.push({ kind: "body", path: variable.path });
    at = variable.end;
  }
  if (text !== "") parts.push({ kind: "text", text });
  return { kind: "ok", expression: parts };
}

type Variable = {
  readonly kind: "variable";
  readonly path: readonly (string | number)[];
  readonly end: number;
};
type Invalid = { readonly kind: "invalid"; readonly problem: string };

const BARE = /[\p{L}\p{N}_.[\]-]*/uy;
const BODY = "request.body.";

function readVariable(source: string, at: number): Variable | Invalid {
  if (source[at + 1] === "{") {
    const close = source.indexOf("}", at);
    if (close < 0) return invalid(`"${source.slice(at)}" has no closing brace`);
    return variable(source.slice(at + 2, close), close + 1);
  }
  BARE.lastIndex = at + 1;
  const name = BARE.exec(source)?.[0] ?? "";
  return variable(name, at + 1 + name.length);
}

function variable(name: string, end: number): Variable | Invalid {
  if (!name.startsWith(BODY)) {
    return invalid(
      name === ""
        ? "a $ begins a variable. Write \\$ for a literal dollar"
        : `"$${name}" is not a variable that routes can use. Use $request.body.…`,
    );
  }
  const path = parsePath(name.slice(BODY.length));
  if (path === undefined) return invalid(`"$${name}" has a malformed path`);
  return { kind: "variable", path, end };
}

const STEP = /(?:^|(?<!^)\.)([^.[\]]+)|\[(\d+)\]/y;

/** `a.b[0].c` as keys and indexes; undefined when malformed. */
function parsePath(text: string): (string | number)[] | undefined {
  const path: (string | number)[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < text.length) {
    const step = STEP.exec(text);
    if (step === null) return undefined;
    path.push(step[1] ?? Number(step[2]));
  }
  return path.length === 0 ? undefined : path;
}

function invalid(problem: string): Invalid {
  return { kind: "invalid", problem };
}

/** The value for one message, and whether the message contains every path of the expression. */
export function evaluateExpression(
  expression: RouteExpression,
  body: unknown,
): { readonly value: string; readonly complete: boolean } {
  let value = "";
  let complete = true;
  for (const part of expression) {
    if (part.kind === "text") {
      value += part.text;
      continue;
    }
    const found = valueAt(body, part.path);
    if (found === undefined || found === null) complete = false;
    value += render(found);
  }
  return { value, complete };
}

function valueAt(body: unknown, path: readonly (string | number)[]): unknown {
  let value = body;
  for (const step of path) {
    if (typeof value !== "object" || value === null) return undefined;
    const isIndex = typeof step === "number";
    if (isIndex !== Array.isArray(value)) return undefined;
    if (!Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}

/**
 * A limit against stack overflow: a message may be nested deeper than the stack allows. Route keys never are.
 */
const DEEPEST = 500;

/** The result is always a string: an array becomes `[item1, item2]`, a missing value the empty string. */
function render(value: unknown, depth = 0): string {
  if (value === undefined || value === null) return "";
  if (typeof value !== "object") return String(value);
  if (depth === DEEPEST) return "…";
  if (!Array.isArray(value)) return asJson(value);
  return `[${value.map((item) => render(item, depth + 1)).join(", ")}]`;
}

function asJson(value: object): string {
  try {
    return JSON.stringify(value);
  } catch {
    return "{…}";
  }
}
