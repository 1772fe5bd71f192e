import type { Credentials } from "../../dynamodb/dynamodb-call.ts";
import { signedHeaders } from "../../iam/rules/sign-request.ts";
import type { FactId } from "../../journal/journal.ts";
import type { KnownInvocations } from "../../lambda/known-invocations.ts";
import type { CallOutcome } from "./calls.ts";
import { callBackend } from "./http-backend.ts";
import { type Made, madeReply } from "./rules/service-replies.ts";
import { atEndpoint, type ServiceCall } from "./rules/service-request.ts";

/** The local endpoints of AWS services. */
export type ServiceDoor = {
  /** URL where a VPC link leads; undefined where no URL is set. */
  readonly vpcLinkOf: (id: string) => string | undefined;
  /** URL of what answers for a service; undefined where nothing does. */
  readonly endpointFor: (service: string) => string | undefined;
  /** The credentials with which the gateway calls a service. */
  readonly credentialsFor: (service: string) => Credentials;
  /** Links the call to its invocation while it runs. */
  readonly invocations: KnownInvocations;
};

/**
 * Calls the local endpoint of a service, never AWS. Without an endpoint, the call is only recorded, and gets
 * the reply that the service would give.
 */
export async function callService(
  door: ServiceDoor,
  call: ServiceCall,
  cause: {
    readonly started: FactId;
    readonly connectionId: string;
    readonly requestId: string;
    readonly uuid: string;
  },
  made: () => Made,
  signal: AbortSignal,
): Promise<CallOutcome> {
  const { service, region } = call;
  const endpoint = door.endpointFor(service);
  if (endpoint === undefined) {
    return { kind: "answered", ...madeReply(call, made()), isRecorded: true };
  }
  const request = atEndpoint(call, endpoint);
  const { uuid, ...invoked } = cause;
  const parent = uuid.replaceAll("-", "").slice(-16);
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
  const traced = {
    ...headers,
    "x-amzn-trace-id": `${headers["x-amzn-trace-id"]};Parent=${parent}`,
  };
  const signed = signedHeaders(request, traced, door.credentialsFor(service), { region, service });
  door.invocations.started("", uuid, invoked);
  try {
    return await callBackend({ ...request, headers: signed }, signal);
  } finally {
    door.invocations.ended("", uuid);
  }
}
