import type { BackendOutcome } from "./calls.ts";
import { callBackend } from "./http-backend.ts";
import { type BackendRequest, below } from "./rules/http-request.ts";

/** Calls a backend where its VPC link leads on this machine, or at its own URI if that is not known. */
export async function callBehindVpcLink(
  request: BackendRequest,
  id: string,
  endpoint: string | undefined,
  signal: AbortSignal,
): Promise<BackendOutcome> {
  if (endpoint !== undefined) return callBackend(throughVpcLink(request, endpoint), signal);
  const outcome = await callBackend(request, signal);
  if (outcome.kind !== "failed") return outcome;
  const hint = `It is behind the VPC link ${id}: say where that leads on this machine, vpcLinks: { "${id}": "http://localhost:8080" }.`;
  return { ...outcome, because: `${outcome.because}. ${hint}` };
}

/**
 * The request for the place where a VPC link leads. API Gateway sends the host of the URI with it, and does not
 * look the host up.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-api-with-vpclink-using-swagger.html
 */
export function throughVpcLink(request: BackendRequest, endpoint: string): BackendRequest {
  const { host, pathname, search } = request.url;
  return {
    ...request,
    url: below(endpoint, `${pathname}${search}`),
    headers: { Host: host, ...request.headers },
  };
}
