import { type DynamoDbRejection, general, invalid } from "./rejections.ts";

/** The part of a call that the store does not support. */
export type Unsupported = {
  /** A parameter of a supported operation; undefined for the operation itself. */
  readonly parameter: string | undefined;
  readonly rejection: DynamoDbRejection;
};

const OPERATIONS: ReadonlySet<string> = new Set([
  "BatchGetItem",
  "BatchWriteItem",
  "CreateTable",
  "DeleteItem",
  "DeleteTable",
  "DescribeTable",
  "GetItem",
  "ListTables",
  "ListTagsOfResource",
  "PutItem",
  "Query",
  "Scan",
  "TagResource",
  "UntagResource",
  "UpdateItem",
  "UpdateTable",
]);

const EXPRESSIONS = ["ConditionExpression", "FilterExpression", "KeyConditionExpression"];

/** The store's parser takes four times as long for each level of parentheses; this limit is half a second. */
const MOST_WORK = 16_384;

/**
 * Finds what the store does not support in a call. It would ignore such a parameter, and handlers would
 * assume that it had an effect. The store's responses to DescribeTimeToLive are wrong for tables with a time
 * to live.
 */
export function unsupported(
  operation: string,
  input: Readonly<Record<string, unknown>>,
): Unsupported | undefined {
  if (!OPERATIONS.has(operation)) {
    return {
      parameter: undefined,
      rejection: general("UnknownOperationException", withWayOut(operation)),
    };
  }
  const parameter = unsupportedParameter(input);
  if (parameter !== undefined) {
    return { parameter, rejection: invalid(withWayOut(`${parameter} of ${operation}`)) };
  }
  for (const name of EXPRESSIONS) {
    const expression = input[name];
    if (typeof expression !== "string" || workOf(expression) <= MOST_WORK) continue;
    return { parameter: name, rejection: invalid(withWayOut(`so many parentheses in ${name}`)) };
  }
  return undefined;
}

/** Says what the built-in DynamoDB lacks, and which DynamoDB supports it. */
export function withWayOut(what: string): string {
  return `wsgw's built-in DynamoDB does not support ${what}. To use a DynamoDB that does, such as DynamoDB Local, start wsgw with --dynamodb-endpoint URL.`;
}

function unsupportedParameter(input: Readonly<Record<string, unknown>>): string | undefined {
  const { ReturnValuesOnConditionCheckFailure: returned, StreamSpecification: stream } = input;
  if (returned !== undefined && returned !== null && returned !== "NONE") {
    return "ReturnValuesOnConditionCheckFailure";
  }
  const isStreamed = typeof stream === "object" && stream !== null;
  if (isStreamed && Reflect.get(stream, "StreamEnabled") === true) return "StreamSpecification";
  return ["ReplicaUpdates", "GlobalTableWitnessUpdates"].find((name) => Array.isArray(input[name]));
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
