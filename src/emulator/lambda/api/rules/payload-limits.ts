import type { InvocationType } from "../../function-call.ts";
import type { LambdaRejection } from "./rejections.ts";

const MB = 1024 * 1024;

/** Maximum payloads of Lambda, in bytes. [documented] */
export const PAYLOAD_LIMITS = { sync: 6 * MB, async: MB } as const;

/** The rejection of a payload over the limit of its type of invocation; undefined if it is within. */
export function rejectionOfSize(
  bytes: number,
  invocationType: InvocationType | "DryRun",
): LambdaRejection | undefined {
  const limit = invocationType === "Event" ? PAYLOAD_LIMITS.async : PAYLOAD_LIMITS.sync;
  return bytes > limit ? tooLargeRequest(limit) : undefined;
}

/** [documented] */
export function tooLargeRequest(limit: number): LambdaRejection {
  const message = `Request must be smaller than ${limit} bytes for the InvokeFunction operation`;
  const body = { Type: "User", message };
  return { statusCode: 413, errorType: "RequestTooLargeException", body };
}
