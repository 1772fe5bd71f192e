import { type DynamoDbRefusal, invalid } from "./refusals.ts";

/** Items may be nested 32 levels deep, and each takes two levels of JSON. */
const MOST_LEVELS = 100;
const EXPRESSION_BYTES = 4096;
const EXPRESSIONS = [
  "ConditionExpression",
  "FilterExpression",
  "KeyConditionExpression",
  "ProjectionExpression",
  "UpdateExpression",
];

/**
 * What DynamoDB refuses before it looks at a call more closely.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
 */
export function refusalOfInput(
  operation: string,
  input: Readonly<Record<string, unknown>>,
): DynamoDbRefusal | undefined {
  if (isDeeper(input, MOST_LEVELS)) {
    return invalid("Nesting Levels have exceeded supported limits");
  }
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
 * The refusal of input, its types checked, that has null where a value has to be. Parameters that are
 * null are absent; an attribute, a key or an element of a list cannot be.
 */
export function refusalOfNull(checked: unknown): DynamoDbRefusal | undefined {
  return hasNull(checked)
    ? invalid(
        "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes",
      )
    : undefined;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  for (const name in value) if (isDeeper(Reflect.get(value, name), levels - 1)) return true;
  return false;
}

function hasNull(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (typeof value !== "object") return false;
  for (const name in value) if (hasNull(Reflect.get(value, name))) return true;
  return false;
}
