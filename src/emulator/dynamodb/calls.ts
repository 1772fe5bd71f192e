import type { FactId } from "../journal/journal.ts";
import type { DynamoDbRefusal } from "./rules/refusals.ts";

/** A call of the tables that the store would understand. */
export type TableCall = {
  /** Such as `PutItem`. */
  readonly operation: string;
  /** Parsed; tables are named by their names, also where the caller used an ARN. */
  readonly input: Readonly<Record<string, unknown>>;
  /** The region that the call is signed for. */
  readonly region: string;
  readonly accessKeyId: string;
  /** The function whose key signed the call. */
  readonly functionName: string | undefined;
  /** The same for all attempts that an SDK makes at one call. */
  readonly sdkCallId: string | undefined;
  /** Of the event that the function ran when it called, as far as the SDK sends it. */
  readonly traceParent: string | undefined;
  /** The invocation whose code called, where it is known. */
  readonly because: FactId | undefined;
};

/** Stands between a call and the store: calls `proceed` or `refuse`, once, now or later. */
export type TableStep = (
  call: TableCall,
  proceed: () => void,
  refuse: (refusal: DynamoDbRefusal) => void,
) => void;
