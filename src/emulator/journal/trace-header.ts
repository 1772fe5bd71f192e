/**
 * `_X_AMZN_TRACE_ID` of one invocation. The parent is derived from the request id, so that it needs no
 * additional randomness. Not sampled, as for an API without tracing.
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 */
export function traceHeader(root: string, awsRequestId: string): string {
  const parent = awsRequestId.slice(-17).replace("-", "");
  return `${root};Parent=${parent};Sampled=0`;
}

/**
 * The `Parent` of an `X-Amzn-Trace-Id`: the last 16 digits of the request id of the calling invocation. SDKs
 * for Node.js send it on Lambda, others may not.
 */
export function traceParent(header: string | readonly string[] | undefined): string | undefined {
  const text = typeof header === "string" ? header : header?.[0];
  return /(?:^|;)Parent=([\da-f]{16})(?:;|$)/i.exec(text ?? "")?.[1]?.toLowerCase();
}
