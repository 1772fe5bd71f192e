import { depthOf, isCondition } from "./condition-syntax.ts";
import { type DynamoDbRejection, invalid } from "./rejections.ts";
import { withWayOut } from "./supported.ts";

/** Items may be nested 32 levels deep, and each level takes two of JSON. */
const MOST_LEVELS = 100;
/** The store needs half a second for this many names and values, and blocks the gateway meanwhile. */
const MOST_PARTS = 200_000;
const EXPRESSION_BYTES = 4096;
const EXPRESSIONS = [
  "ConditionExpression",
  "FilterExpression",
  "KeyConditionExpression",
  "ProjectionExpression",
  "UpdateExpression",
];

const CONDITIONS = ["ConditionExpression", "FilterExpression", "KeyConditionExpression"];
/** Within this many parentheses, the store's parser takes seconds to find a syntax error in a condition. */
const DEEP = 3;

/** Limits the work of parsing: checks a body before it is parsed. */
export function rejectionOfBody(body: Uint8Array): DynamoDbRejection | undefined {
  const { levels, parts } = extentOf(body);
  if (levels > MOST_LEVELS) return invalid("Nesting Levels have exceeded supported limits");
  if (parts > MOST_PARTS) return invalid(withWayOut("so many values in one call"));
  return undefined;
}

/**
 * Checks that DynamoDB makes first.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
 */
export function rejectionOfInput(
  operation: string,
  input: Readonly<Record<string, unknown>>,
): DynamoDbRejection | undefined {
  for (const name of EXPRESSIONS) {
    const expression = input[name];
    if (typeof expression !== "string") continue;
    const bytes = Buffer.byteLength(expression);
    if (bytes > EXPRESSION_BYTES) {
      return invalid(
        `Invalid ${name}: Expression size has exceeded the maximum allowed size; expression size: ${bytes}`,
      );
    }
  }
  for (const name of CONDITIONS) {
    const condition = input[name];
    if (typeof condition !== "string" || depthOf(condition) < DEEP || isCondition(condition))
      continue;
    return invalid(`Invalid ${name}: Syntax error`);
  }
  if (operation === "TagResource" && Array.isArray(input.Tags)) {
    const at = input.Tags.findIndex(
      (tag) => typeof tag?.Key !== "string" || typeof tag?.Value !== "string",
    );
    if (at !== -1) {
      return invalid(
        `1 validation error detected: Value null at 'tags.${at + 1}.member' failed to satisfy constraint: Member must not be null`,
      );
    }
  }
  return undefined;
}

/**
 * Rejects type-checked input with null in a place that requires a value. Null parameters count as absent; an
 * attribute, a key or an array element cannot be null.
 */
export function rejectionOfNull(checked: unknown): DynamoDbRejection | undefined {
  return hasNull(checked)
    ? invalid(
        "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes",
      )
    : undefined;
}

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const OPEN: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const CLOSE: ReadonlySet<number> = new Set([0x5d, 0x7d]);

/** The depth of JSON, and its number of names and values. */
function extentOf(json: Uint8Array): { readonly levels: number; readonly parts: number } {
  let [levels, level, parts] = [0, 0, 1];
  let isString = false;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at] as number;
    if (isString) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) isString = false;
    } else if (byte === QUOTE) isString = true;
    else if (byte === COMMA || byte === COLON) parts += 1;
    else if (OPEN.has(byte)) levels = Math.max(levels, ++level);
    else if (CLOSE.has(byte)) level -= 1;
  }
  return { levels, parts };
}

function hasNull(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (typeof value !== "object") return false;
  for (const name in value) if (hasNull(Reflect.get(value, name))) return true;
  return false;
}
