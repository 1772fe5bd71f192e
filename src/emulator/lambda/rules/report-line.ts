import type { LambdaFact } from "../facts.ts";

type Ended = Extract<LambdaFact, { readonly type: "function.ended" }>;

/**
 * The parts of the `REPORT` line that Lambda writes into a function's log. The duration is that of the
 * handler; the billed duration includes loading the code. `memory` is in MB.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 * @see https://aws.amazon.com/blogs/compute/aws-lambda-standardizes-billing-for-init-phase/
 */
export function reportParts(
  { awsRequestId, handlerMs, initMs, maxMemoryMb }: Ended,
  memory: number | undefined,
): readonly string[] {
  const parts = [
    `REPORT RequestId: ${awsRequestId}`,
    `Duration: ${handlerMs.toFixed(2)} ms`,
    `Billed Duration: ${Math.ceil(handlerMs + (initMs ?? 0))} ms`,
  ];
  if (memory !== undefined) parts.push(`Memory Size: ${memory} MB`);
  if (maxMemoryMb !== undefined) parts.push(`Max Memory Used: ${maxMemoryMb} MB`);
  if (initMs !== undefined) parts.push(`Init Duration: ${initMs.toFixed(2)} ms`);
  return parts;
}
