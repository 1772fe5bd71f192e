import type { HttpAnswer } from "../../../network/rules/http-answer.ts";
import type { Outcome } from "../../function-call.ts";
import { errorPayload } from "../../rules/function-errors.ts";

/**
 * The response to a synchronous invocation: 200 whatever the function's result. `logTail` is set for calls
 * that request it. [observed]
 */
export function invokedAnswer(
  outcome: Outcome,
  { requestId, logTail }: { readonly requestId: string; readonly logTail?: string | undefined },
): HttpAnswer {
  return {
    statusCode: 200,
    headers: {
      "Content-Type": "application/json",
      "x-amzn-RequestId": requestId,
      ...(outcome.kind === "failed" && { "X-Amz-Function-Error": "Unhandled" }),
      ...(logTail !== undefined && { "X-Amz-Log-Result": logTail }),
      "X-Amz-Executed-Version": "$LATEST",
    },
    body: outcome.kind === "failed" ? errorPayload(outcome) : outcome.payload,
  };
}

/** Statuses of the invocation types without a result: an event is queued, and a dry run runs nothing. [observed] */
const STATUS = { Event: 202, DryRun: 204 } as const;

/** The response at once to an invocation without a result. */
export function emptyAnswer(invocationType: keyof typeof STATUS, requestId: string): HttpAnswer {
  const statusCode = STATUS[invocationType];
  return { statusCode, headers: { "x-amzn-RequestId": requestId }, body: "" };
}
