import type { BackendOutcome } from "./calls.ts";
import { callBackend } from "./http-backend.ts";
import type { BackendRequest } from "./rules/http-request.ts";
import { throughVpcLink } from "./rules/private-integration.ts";

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
