import type { IncomingMessage, ServerResponse } from "node:http";
import type { TLSSocket } from "node:tls";
import type { Clock } from "../../../clock.ts";
import type { Ids } from "../../../ids.ts";
import type { CheckedCall, CheckPermission } from "../../iam/permissions.ts";
import { createSigningKeys } from "../../iam/rules/sign-request.ts";
import type { SecretFor } from "../../iam/rules/verify-signature.ts";
import type { FactId, Recorder, Warning } from "../../journal/journal.ts";
import { traceParent } from "../../journal/trace-header.ts";
import { warnOnce } from "../../journal/warn-once.ts";
import type { KnownInvocations } from "../../lambda/known-invocations.ts";
import { writeAnswer } from "../../network/answers.ts";
import { collectBody } from "../../network/request-body.ts";
import { isFromHere } from "../../network/rules/from-this-machine.ts";
import { regionOfHost } from "../../network/rules/hosts.ts";
import { sourceIp } from "../../network/source-ip.ts";
import { signerIdentity } from "../authorizers/rules/signer.ts";
import type { ApiGatewayFact } from "../facts.ts";
import type { CallFacts, Gateway } from "../ports.ts";
import type { TakeRequest } from "../requests/request-log.ts";
import type { Identity, SignerIdentity } from "../rules/event-types.ts";
import type { Throttling } from "../throttling/throttling.ts";
import { endedCall } from "./rules/call-log-entry.ts";
import { endpointWarnings } from "./rules/endpoint-warnings.ts";
import {
  connectionsArn,
  MANAGE_CONNECTIONS,
  type ManagementResource,
} from "./rules/manage-connections-permission.ts";
import { type ManagementOutcome, managementAnswer } from "./rules/management-answer.ts";
import { type ManagementOperation, readManagementRequest } from "./rules/management-request.ts";
import { type ValidatedCall, validateCall } from "./rules/validate-call.ts";

/** Answers a request to the management API. Returns false for other requests, which it does not answer. */
export type ConnectionsRouter = (request: IncomingMessage, response: ServerResponse) => boolean;

/** A valid call of the management API. */
type SoundCall = {
  readonly operation: ManagementOperation;
  readonly connectionId: string;
  /** The function to which the signing key was issued, if the emulator issued the key. */
  readonly functionName: string | undefined;
  /** The same for all attempts of one SDK call. */
  readonly sdkCallId: string | undefined;
  /** The invocation that made the call, if known. */
  readonly because: FactId | undefined;
};

/** A hook around a call: `proceed` executes it, `answer` ends it, now or later. */
export type StepIntoCall = (
  call: SoundCall,
  proceed: () => ManagementOutcome,
  answer: (outcome: ManagementOutcome) => void,
) => void;

/** Receives answered calls, for access logs. */
export type CallHearing = {
  /** Undefined for a stage without logs. */
  readonly of: (stage: string) => TakeRequest | undefined;
  readonly clock: Pick<Clock, "now">;
  /** ARN of the role session in which a function runs. */
  readonly roleSessionOf: (functionName: string) => string | undefined;
};

type RouterOptions = {
  readonly gateway: Gateway;
  readonly ids: Ids;
  readonly journal: Recorder<ApiGatewayFact | Warning>;
  /**
   * The stages by path prefix of `@connections`: the stage's name, or on a custom domain its mapping key or
   * `""`.
   */
  readonly stages: ReadonlyMap<string, string>;
  /** The kind of host that these paths belong to. Default: the API's own. */
  readonly host?: "default" | "custom-domain";
  /** Whether the host is one of AWS's, which accept only TLS. Default false. */
  readonly isTlsOnly?: boolean;
  readonly secretFor: SecretFor;
  /** Checks what the callers' roles allow. */
  readonly check: CheckPermission;
  /** Throttles calls. */
  readonly throttling: Pick<Throttling, "call">;
  /** Place of the API in ARNs. */
  readonly place: { readonly region: string; readonly accountId: string; readonly apiId: string };
  readonly invocations: Pick<KnownInvocations, "of" | "isRunning">;
  /** Largest body of a POST. */
  readonly bodyBytes: number;
  /** Receives answered calls. Default: none. */
  readonly hearing?: CallHearing;
  readonly stepIn?: StepIntoCall | undefined;
};

/**
 * Routes calls of the management API to the gateway. It reads the raw request target and uses only Node's
 * HTTP server: an SDK call costs a handler so little that any more work would be measurable.
 */
export function createConnectionsRouter(options: RouterOptions): ConnectionsRouter {
  const { stages, bodyBytes, invocations } = options;
  const prefixes = new Set(stages.keys());
  const management = new Management(options);

  return (request, response) => {
    const { method = "", url = "", headers } = request;
    const asked = readManagementRequest(prefixes, method, url, options.host);
    if (asked.kind === "other") return false;
    const { remotePort } = request.socket; // a closed socket no longer has it
    const parent = traceParent(headers["x-amzn-trace-id"]);
    collectBody(
      request,
      bodyBytes,
      ({ body, isTooLarge }) => {
        management.answer({ request, response, asked, remotePort, parent, body, isTooLarge });
      },
      () => parent !== undefined && invocations.isRunning(parent),
    );
    return true;
  };
}

/** A request to the management API with its body. */
type ReceivedRequest = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly asked: Exclude<ReturnType<typeof readManagementRequest>, { readonly kind: "other" }>;
  /** The client's port. */
  readonly remotePort: number | undefined;
  /** The sender's span in a trace header. */
  readonly parent: string | undefined;
  readonly body: Uint8Array;
  readonly isTooLarge: boolean;
};

/** A request whose signature has been checked. */
type CheckedRequest = {
  readonly received: ReceivedRequest;
  readonly call: ValidatedCall;
  readonly facts: CallFacts;
};

class Management {
  readonly #options: RouterOptions;
  readonly #verification: Parameters<typeof validateCall>[2];
  readonly #warn: ReturnType<typeof warnOnce>;

  constructor(options: RouterOptions) {
    const { secretFor, place, journal } = options;
    this.#options = options;
    this.#verification = { secretFor, region: place.region, signingKeys: createSigningKeys() };
    this.#warn = warnOnce(journal);
  }

  /** Answers a request at once, or when `stepIn` lets the call go on. */
  answer(received: ReceivedRequest): void {
    const { gateway, stepIn } = this.#options;
    const checked = this.#checked(received);
    const { call, facts } = checked;
    const rejection = this.#rejectionOf(checked);
    const finish = (outcome: ManagementOutcome): void => this.#finish(checked, outcome);
    if (rejection !== undefined) return void finish(rejection);
    if (call.kind === "rejected") return void finish(call.outcome);
    const proceed = (): ManagementOutcome => outcomeOf(gateway, call, received.body, facts);
    if (stepIn === undefined) return void finish(proceed());
    stepIn(soundCall(call, received.request, facts.because), proceed, finish);
  }

  /** Why a call with a valid signature is rejected before the connection is looked up. */
  #rejectionOf({ received, call, facts }: CheckedRequest): ManagementOutcome | undefined {
    if (call.kind === "rejected") return undefined;
    const { stages, check, place, throttling } = this.#options;
    const { method = "" } = received.request;
    const { prefix, functionName } = call;
    const resource = () => ({ ...place, stage: stages.get(prefix) ?? "", method });
    const denied = notAllowed(check, { functionName, because: facts.because }, resource);
    if (denied !== undefined) return denied;
    return throttling.call() === undefined ? undefined : { kind: "throttled" };
  }

  #checked(received: ReceivedRequest): CheckedRequest {
    const { invocations, isTlsOnly } = this.#options;
    const { request, asked, remotePort, parent, body, isTooLarge } = received;
    const { method = "", url = "", rawHeaders, headers, socket } = request;
    const { encrypted } = socket as Partial<TLSSocket>;
    const sent = {
      method,
      url,
      rawHeaders,
      body,
      isTooLarge,
      isFromHere: () => isFromHere(socket, headers),
      regionOfHost: () => regionOfHost(headers.host ?? ""),
    };
    const call = validateCall(asked, sent, this.#verification);
    const because = invocations.of(remotePort, parent, call.functionName)?.started;
    const warnings = endpointWarnings({
      url,
      host: headers.host ?? "",
      hasDoubleSlash: "doubleSlash" in asked && asked.doubleSlash,
      isTlsOnly: isTlsOnly === true,
      isEncrypted: encrypted === true,
      functionName: call.functionName,
    });
    for (const warning of warnings) this.#warn(warning, because);
    return { received, call, facts: { because } };
  }

  /** Writes the answer and records it. */
  #finish(checked: CheckedRequest, outcome: ManagementOutcome): void {
    const { ids, journal } = this.#options;
    const { received, call, facts } = checked;
    const { request, response, asked } = received;
    const { method = "", url = "" } = request;
    const answerIds = { requestId: ids.uuid(), apigwId: ids.requestId(), traceId: ids.traceId() };
    const answer = managementAnswer(outcome, answerIds);
    writeAnswer(response, answer);
    this.#report(checked, answer, answerIds);
    journal.record(
      {
        type: "management.answered",
        method,
        connectionId: "connectionId" in asked ? asked.connectionId : undefined,
        functionName: call.functionName,
        statusCode: answer.statusCode,
        because: outcome.kind,
        path: outcome.kind === "unknown-stage" ? url.split("?")[0] : undefined,
        traceParent: received.parent,
      },
      facts.effect ?? facts.because,
    );
  }

  /** Reports the answer to the stage's access log. */
  #report(
    { received, call, facts }: CheckedRequest,
    answer: EndedCall["answer"],
    ids: EndedCall["ids"],
  ): void {
    const { hearing, stages, place } = this.#options;
    if (hearing === undefined || call.kind !== "go-on") return;
    const take = hearing.of(stages.get(call.prefix) ?? "");
    if (take === undefined) return;
    const arn = call.functionName && hearing.roleSessionOf(call.functionName);
    const signer = arn ? signerIdentity(arn, "", place) : undefined;
    const of = callOf(received.request, call.connectionId, signer);
    const ended = endedCall({
      ids,
      body: received.body,
      answer,
      at: hearing.clock.now(),
      ...of,
    });
    take(ended, facts.effect ?? facts.because);
  }
}

/** What a report of a call consists of. */
type EndedCall = Parameters<typeof endedCall>[0];

function callOf(
  { method = "", headers, socket }: IncomingMessage,
  connectionId: string,
  signer: SignerIdentity | undefined,
): Pick<EndedCall, "method" | "connectionId" | "host" | "identity"> {
  const userAgent = headers["user-agent"];
  const identity: Identity = {
    ...signer,
    ...(userAgent !== undefined && { userAgent }),
    sourceIp: sourceIp(socket.remoteAddress),
  };
  return { method, connectionId, host: headers.host ?? "", identity };
}

function outcomeOf(
  gateway: Gateway,
  call: Extract<ValidatedCall, { readonly kind: "go-on" }>,
  body: Uint8Array,
  facts: CallFacts,
): ManagementOutcome {
  const { connectionId, operation } = call;
  switch (operation) {
    case "post":
      return gateway.post(connectionId, body, facts);
    case "get": {
      const connection = gateway.describe(connectionId);
      return connection === undefined ? { kind: "gone" } : { kind: "described", connection };
    }
    case "delete":
      return { kind: gateway.remove(connectionId, facts) ? "removed" : "gone" };
    default:
      return operation satisfies never;
  }
}

/** The rejection of a call that the caller's role does not allow. */
function notAllowed(
  check: CheckPermission,
  caller: Pick<CheckedCall, "functionName" | "because">,
  resource: () => ManagementResource,
): ManagementOutcome | undefined {
  const { functionName, because } = caller;
  const denied = check({
    functionName,
    because,
    action: MANAGE_CONNECTIONS,
    resource: () => connectionsArn(resource()),
  });
  if (denied === undefined) return undefined;
  const { caller: arn, decision } = denied;
  return { kind: "not-allowed", caller: arn, resource: resource(), decision };
}

function soundCall(
  call: Extract<ValidatedCall, { readonly kind: "go-on" }>,
  { headers }: IncomingMessage,
  because: FactId | undefined,
): SoundCall {
  const { operation, connectionId, functionName } = call;
  const callId = headers["amz-sdk-invocation-id"];
  const sdkCallId = typeof callId === "string" ? callId : undefined;
  return { operation, connectionId, functionName, sdkCallId, because };
}
