import * as v from "valibot";

const FUNCTION_NAME = v.pipe(
  v.undefinedable(v.string()),
  v.description("The function that called, when its key signed the call."),
);
const TRACE_PARENT = v.optional(
  v.pipe(
    v.string(),
    v.description(
      "Last 16 digits of the `awsRequestId` of the caller's event, where its SDK sends them.",
    ),
  ),
);

/** What happens to tables. @internal */
export const DYNAMODB_FACT = v.variant("type", [
  v.pipe(
    v.strictObject({
      type: v.literal("table.written"),
      functionName: FUNCTION_NAME,
      statusCode: v.number(),
      traceParent: TRACE_PARENT,
      tableName: v.string(),
      operation: v.pipe(
        v.picklist(["PutItem", "UpdateItem", "DeleteItem"]),
        v.description("Also where it is a part of a batch or transaction."),
      ),
      item: v.pipe(
        v.unknown(),
        v.description(
          "The item that is put, or the key of the one that is changed or deleted, in DynamoDB's own JSON.",
        ),
      ),
    }),
    v.readonly(),
    v.description(
      "A call of the built-in DynamoDB put, changed or deleted an item, or was refused. Caused by the `function.started` whose code called.",
    ),
  ),
  v.pipe(
    v.strictObject({
      type: v.literal("dynamodb.unsupported"),
      operation: v.pipe(v.string(), v.description("Such as `TransactWriteItems`.")),
      parameter: v.pipe(
        v.undefinedable(v.string()),
        v.description(
          "What of a supported operation is not supported, such as `ReturnValuesOnConditionCheckFailure`.",
        ),
      ),
      functionName: FUNCTION_NAME,
      traceParent: TRACE_PARENT,
    }),
    v.readonly(),
    v.description(
      "A call asked the built-in DynamoDB for something that it does not have, and was refused. Caused by the `function.started` whose code called.",
    ),
  ),
]);

export type DynamoDbFact = v.InferOutput<typeof DYNAMODB_FACT>;
