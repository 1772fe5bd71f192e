import * as v from "valibot";
import { caller, described, fact, traceParent } from "../journal/facts.ts";

/** What happens to tables. @internal */
export const DYNAMODB_FACT = v.variant("type", [
  fact(
    "table.written",
    "A call of the built-in DynamoDB put, changed or deleted an item, or was refused. Caused by the `function.started` whose code called.",
    {
      functionName: caller,
      statusCode: v.number(),
      traceParent,
      tableName: v.string(),
      operation: described(
        v.picklist(["PutItem", "UpdateItem", "DeleteItem"]),
        "Also where it is a part of a batch or transaction.",
      ),
      item: described(
        v.unknown(),
        "The item that is put, or the key of the one that is changed or deleted, in DynamoDB's own JSON.",
      ),
    },
  ),
  fact(
    "dynamodb.unsupported",
    "A call asked the built-in DynamoDB for something that it does not have, and was refused. Caused by the `function.started` whose code called.",
    {
      operation: described(v.string(), "Such as `TransactWriteItems`."),
      parameter: described(
        v.undefinedable(v.string()),
        "What of a supported operation is not supported, such as `ReturnValuesOnConditionCheckFailure`.",
      ),
      functionName: caller,
      traceParent,
    },
  ),
]);

export type DynamoDbFact = v.InferOutput<typeof DYNAMODB_FACT>;
