import type { FactId } from "../journal/journal.ts";
import type { DynamoDbRejection } from "./rules/rejections.ts";

/** A call of the tables that is valid for the store. */
export type TableCall = {
  /** For example `PutItem`. */
  readonly operation: string;
  /** Parsed; tables have their names, even if the caller used an ARN. */
  readonly input: Readonly<Record<string, unknown>>;
  /** The region of the call's signature. */
  readonly region: string;
  readonly accessKeyId: string;
  /** The function to which the signing key was issued. */
  readonly functionName: string | undefined;
  /** The same for all attempts of one SDK call. */
  readonly sdkCallId: string | undefined;
  /** From the event that the function ran during the call, if the SDK sends it. */
  readonly traceParent: string | undefined;
  /** The invocation that made the call, if known. */
  readonly because: FactId | undefined;
};

/** A step between a call and the store: calls `proceed` or `reject` once, now or later. */
export type TableStep = (
  call: TableCall,
  proceed: () => void,
  reject: (rejection: DynamoDbRejection) => void,
) => void;
