import { isObject, listOf, objectOf } from "../../../values/json.ts";

/** A permission that a call needs: an action, and the part of the ARN that names a table or index. */
export type NeededPermission = {
  readonly action: string;
  /** `table/chat` or `table/chat/index/byRoom`. */
  readonly resource: string;
};

type Input = Readonly<Record<string, unknown>>;

/** Actions of the parts of a transaction. The transaction itself has no action. */
const TRANSACTION_ACTIONS: Readonly<Record<string, string>> = {
  ConditionCheck: "ConditionCheckItem",
  Delete: "DeleteItem",
  Get: "GetItem",
  Put: "PutItem",
  Update: "UpdateItem",
};

/**
 * The permissions that a call of DynamoDB needs, in the order of the checks. Calls without a table are not
 * checked.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 */
export function neededPermissions(operation: string, input: Input): readonly NeededPermission[] {
  const action = `dynamodb:${operation}`;
  switch (operation) {
    case "BatchGetItem":
    case "BatchWriteItem":
      return Object.keys(objectOf(input.RequestItems)).map((table) => ({
        action,
        resource: `table/${table}`,
      }));
    case "TransactGetItems":
    case "TransactWriteItems":
      return distinct(transactionParts(input.TransactItems));
    case "ListTagsOfResource":
    case "TagResource":
    case "UntagResource":
      return tagged(input.ResourceArn).map((resource) => ({ action, resource }));
    default:
      return typeof input.TableName === "string"
        ? [{ action, resource: resourceOf(input.TableName, input.IndexName) }]
        : [];
  }
}

function resourceOf(table: string, index: unknown): string {
  return typeof index === "string" ? `table/${table}/index/${index}` : `table/${table}`;
}

/** The resource of a call about tags, from its ARN. */
function tagged(arn: unknown): readonly string[] {
  const [, resource] = /^arn:[^:]*:dynamodb:[^:]*:[^:]*:(.+)$/.exec(String(arn)) ?? [];
  return resource === undefined ? [] : [resource];
}

function transactionParts(items: unknown): readonly NeededPermission[] {
  const parts = listOf(items).filter(isObject);
  return parts.flatMap((item) =>
    Object.entries(item).flatMap(([kind, part]) => {
      const action = TRANSACTION_ACTIONS[kind];
      const table = isObject(part) ? part.TableName : undefined;
      return action === undefined || typeof table !== "string"
        ? []
        : [{ action: `dynamodb:${action}`, resource: `table/${table}` }];
    }),
  );
}

function distinct(needed: readonly NeededPermission[]): readonly NeededPermission[] {
  const byText = new Map(needed.map((each) => [`${each.action} ${each.resource}`, each]));
  return [...byText.values()];
}
