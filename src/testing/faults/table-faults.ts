import type { TableStep } from "../../emulator/dynamodb/calls.ts";
import { type DynamoDbRejection, modelled } from "../../emulator/dynamodb/rules/rejections.ts";
import { fieldOf } from "../../values/json.ts";
import { type Duration, toMs } from "../duration.ts";
import type { Aliases } from "./aliases.ts";
import type { Delays } from "./delays.ts";
import type { Fault, FaultsOfKind } from "./fault-registry.ts";
import type { CallSelection } from "./selection.ts";

/** The DynamoDB calls that a fault applies to. */
export type TableSelection = Omit<CallSelection, "connection"> & {
  /** For example `PutItem`; a batch on several tables counts for each of them. */
  readonly operation?: string;
};

/** Faults of DynamoDB calls for one table. */
export type TableVerbs = {
  /** 400 `ProvisionedThroughputExceededException`. */
  throttles(): Fault;
  /** 400 `ConditionalCheckFailedException`. Applies only to writes with a condition. */
  conditionalCheckFails(): Fault;
  /** 500 `InternalServerError`: on AWS it is unknown whether the call took effect, here it did not. */
  fails(): Fault;
  /** The call is executed, and answered, this much later. */
  slow(by: Duration): Fault;
};

export type TableEffect = {
  /** Name of the table in DynamoDB. */
  readonly table: string;
  readonly operation: string | undefined;
  readonly needsCondition: boolean;
} & (
  | { readonly kind: "reject"; readonly rejection: DynamoDbRejection }
  | { readonly kind: "slow"; readonly ms: number }
);

/**
 * DynamoDB's messages.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
const ERRORS = {
  throttled: modelled(
    "ProvisionedThroughputExceededException",
    "The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.",
  ),
  condition: modelled("ConditionalCheckFailedException", "The conditional request failed"),
  internal: modelled("InternalServerError", "Internal server error", 500),
} as const;

export function tableVerbs(
  shelf: FaultsOfKind<TableEffect>,
  table: { readonly logicalName: string; readonly name: string },
  { operation, ...selection }: TableSelection,
): TableVerbs {
  const shown = operation === undefined ? selection : { operation, ...selection };
  const about = { table: table.name, operation, needsCondition: false };
  const name = `table:${table.logicalName}`;
  const add = (verb: string, effect: TableEffect): Fault =>
    shelf.add({ name, selection, shown, verb }, effect);

  return {
    throttles: () => add("throttles()", { ...about, kind: "reject", rejection: ERRORS.throttled }),
    conditionalCheckFails: () =>
      add("conditionalCheckFails()", {
        ...about,
        needsCondition: true,
        kind: "reject",
        rejection: ERRORS.condition,
      }),
    fails: () => add("fails()", { ...about, kind: "reject", rejection: ERRORS.internal }),
    slow: (by) => add(`slow(${JSON.stringify(by)})`, { ...about, kind: "slow", ms: toMs(by) }),
  };
}

/** Adds faults between the functions and the tables. Does not affect calls of the harness itself. */
export function faultyTables(
  shelf: FaultsOfKind<TableEffect>,
  delays: Delays,
  aliases: Aliases,
  isOwnKey: (accessKeyId: string) => boolean,
): TableStep {
  return (call, proceed, reject) => {
    if (shelf.isEmpty() || isOwnKey(call.accessKeyId)) return proceed();
    const { operation, functionName, because, sdkCallId: callId } = call;
    const tables = tablesIn(call.input);
    const key = `${operation} ${tables.join(" ")} ${aliases.rename(itemText(call.input))}`;
    const occurrence = { connectionId: undefined, functionName, because, callId, key };
    const effect = shelf.pick(
      occurrence,
      (each) =>
        tables.includes(each.table) &&
        (each.operation === undefined || each.operation === operation) &&
        (!each.needsCondition || hasCondition(call.input)),
    )?.effect;
    if (effect === undefined) return proceed();
    if (effect.kind === "reject") return reject(effect.rejection);
    delays.lateCall(effect.ms, proceed);
  };
}

function tablesIn(input: unknown): readonly string[] {
  const name = fieldOf(input, "TableName");
  if (typeof name === "string") return [name];
  const batch = fieldOf(input, "RequestItems");
  return typeof batch === "object" && batch !== null ? Object.keys(batch) : [];
}

function hasCondition(input: unknown): boolean {
  return ["ConditionExpression", "Expected"].some((name) => fieldOf(input, name) !== undefined);
}

/** Identifies calls in every run: the strings of the item, because numbers may be times. */
function itemText(input: unknown): string {
  const item = fieldOf(input, "Key") ?? fieldOf(input, "Item") ?? {};
  return Object.entries(item)
    .map(([name, value]) => `${name}=${fieldOf(value, "S") ?? ""}`)
    .join(",");
}
