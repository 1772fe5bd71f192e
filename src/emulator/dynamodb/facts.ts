import type { TableWrite } from "./rules/table-write.ts";

/** What happens to tables. */
export type DynamoDbFact =
  /** A call of DynamoDB put, changed or deleted an item, or was refused. Of the built-in one only. */
  {
    readonly type: "table.written";
    /** The function that called, when its key signed the call. */
    readonly functionName: string | undefined;
    readonly statusCode: number;
    readonly traceParent?: string | undefined;
  } & TableWrite;
