import { depthOf, isCondition } from "./condition-syntax.ts";
import { type DynamoDbRejection, invalid } from "./rejections.ts";

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

function hasNull(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (typeof value !== "object") return false;
  for (const name in value) if (hasNull(Reflect.get(value, name))) return true;
  return false;
}
