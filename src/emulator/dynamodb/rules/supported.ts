import { tooDeepIn } from "./condition-depth.ts";
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
  const deep = tooDeepIn(input);
  if (deep === undefined) return undefined;
  return { parameter: deep, rejection: invalid(withWayOut(`so many parentheses in ${deep}`)) };
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
