import type { IncomingHttpHeaders } from "node:http";

/** A page of this machine may use the tables; others have been rejected. */
export function corsHeaders(
  headers: IncomingHttpHeaders,
  statusCode: number,
): Record<string, string> {
  if (statusCode === 403 || headers.origin === undefined) return {};
  const method = headers["access-control-request-method"];
  const names = headers["access-control-request-headers"];
  return {
    "Access-Control-Allow-Origin": headers.origin,
    Vary: "Origin",
    ...(method !== undefined && { "Access-Control-Allow-Methods": method }),
    ...(names !== undefined && { "Access-Control-Allow-Headers": String(names) }),
  };
}
