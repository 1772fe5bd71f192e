/**
 * The `Parent` of an `X-Amzn-Trace-Id`: the last 16 digits of the AWS request id of the event that a
 * function ran when it called. SDKs for Node.js send it from within Lambda, others may not.
 */
export function traceParent(header: string | readonly string[] | undefined): string | undefined {
  const text = typeof header === "string" ? header : header?.[0];
  return /(?:^|;)Parent=([\da-f]{16})(?:;|$)/i.exec(text ?? "")?.[1]?.toLowerCase();
}
