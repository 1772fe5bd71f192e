import * as v from "valibot";
import { caller, described, fact, traceParent } from "../journal/facts.ts";

/** Facts about tables. @internal */
export const DYNAMODB_FACT = v.variant("type", [
  fact(
    "table.written",
    "A call to the built-in DynamoDB wrote, changed or deleted an item, or was rejected. Caused by the `function.started` that called.",
    {
      functionName: caller,
      statusCode: v.number(),
      traceParent,
      tableName: v.string(),
      operation: described(
        v.picklist(["PutItem", "UpdateItem", "DeleteItem"]),
        "Also as a part of a batch or transaction.",
      ),
      item: described(
        v.unknown(),
        "The written item, or the key of the changed or deleted one, in DynamoDB's own JSON.",
      ),
    },
  ),
  fact(
    "dynamodb.unsupported",
    "The built-in DynamoDB rejected a call that uses an unsupported feature. Caused by the `function.started` that called.",
    {
      operation: described(v.string(), "Such as `TransactWriteItems`."),
      parameter: described(
        v.undefinedable(v.string()),
        "The unsupported parameter of a supported operation, such as `ReturnValuesOnConditionCheckFailure`.",
      ),
      functionName: caller,
      traceParent,
    },
  ),
]);

export type DynamoDbFact = v.InferOutput<typeof DYNAMODB_FACT>;
