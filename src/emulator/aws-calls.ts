import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { partitionOf } from "../definition/region.ts";
import type { Journal } from "./facts.ts";
import type { CheckPermission } from "./iam/permissions.ts";
import type { AccessDenied } from "./iam/rules/access-denied.ts";
import type { SecretFor } from "./iam/rules/verify-signature.ts";
import { readAuthorization } from "./iam/rules/verify-signature.ts";
import { traceParent } from "./journal/trace-header.ts";
import type { LambdaApi } from "./lambda/api/front.ts";
import type { InvocationOf } from "./lambda/known-invocations.ts";
import { answerUpgrade, writeAnswer, writeJson } from "./network/answers.ts";
import { collectBody } from "./network/request-body.ts";
import { createReverseProxy } from "./network/reverse-proxy.ts";
import { type AwsPlace, type HostTable, nameOf, regionOfHost } from "./network/rules/hosts.ts";
import { foreignCaller, foreignMessage } from "./network/rules/page-of-another-site.ts";
import { neededAction, sends, standInDenial } from "./network/rules/sending-actions.ts";
import {
  type AwsRequest,
  operationOf,
  type StopAnswer,
  stopAnswer,
  stopMessage,
} from "./network/rules/stopped-call.ts";
import { documentAt, type KeySetOf } from "./tokens/rules/issuer-document.ts";
import { USER_POOLS } from "./tokens/rules/user-pool.ts";

export type AwsCalls = {
  answer(request: IncomingMessage, response: ServerResponse, place: AwsPlace): void;
  /** Rejects an upgrade, which no local endpoint answers. */
  reject(request: IncomingMessage, socket: Duplex, place: AwsPlace): void;
  stop(): void;
};

/** Many times the limit of these services. */
const SENT_BYTES = 16 * 1024 * 1024;

/** The action is at the start of a form; other bodies are not read. */
const FORM_BYTES = 256 * 1024;

export type AwsCallParts = {
  readonly hosts: HostTable;
  /** URL of a service's local endpoint; `dynamodb` for the tables. */
  readonly endpointFor: (service: string) => string | undefined;
  /** Answers DynamoDB calls if the gateway has its own tables. */
  readonly tables?: RequestListener | undefined;
  /** Answers Lambda calls unless another endpoint does. */
  readonly lambda: LambdaApi;
  /** Whether Lambda calls for functions outside the project may leave the machine. */
  readonly allowAws: boolean;
  /** Issuers of tokens that the project's authorizers verify. */
  readonly issuers: readonly KeySetOf[];
  readonly secretFor: SecretFor;
  /** Checks what the callers' roles allow. */
  readonly check: CheckPermission;
  readonly accountId: string;
  readonly invocationOf: InvocationOf;
  readonly journal: Journal;
};

/** Answers calls of AWS services: forwards them to local endpoints, or rejects them as AWS would. */
export function createAwsCalls(parts: AwsCallParts): AwsCalls {
  const calls = new Calls(parts);
  return {
    answer: (request, response, place) => calls.answer(request, response, place),
    reject: (request, socket, place) => calls.reject(request, socket, place),
    stop: () => calls.stop(),
  };
}

class Calls implements AwsCalls {
  readonly #parts: AwsCallParts;
  readonly #proxy = createReverseProxy();

  constructor(parts: AwsCallParts) {
    this.#parts = parts;
  }

  answer(request: IncomingMessage, response: ServerResponse, place: AwsPlace): void {
    const { tables, lambda } = this.#parts;
    if (place.kind === "dynamodb" && tables !== undefined) {
      tables(request, response);
      return;
    }
    const service = serviceOf(place);
    if (service === USER_POOLS && answerDocument(request, response, this.#parts.issuers)) return;
    const endpoint = this.#endpointOf(service, request);
    const isOwnInvoke =
      place.kind === "lambda" && endpoint === undefined && lambda.isInvoke(request);
    if (endpoint === undefined && !isOwnInvoke) {
      const { remotePort } = request.socket; // a closed socket has none
      collectBody(request, FORM_BYTES, ({ body }) =>
        write(response, this.#stopped(request, service, remotePort, body)),
      );
      return;
    }
    const foreign =
      place.kind === "service" ? undefined : foreignCaller(request.headers, place.kind);
    if (foreign !== undefined) {
      request.resume();
      write(response, stopAnswer(service, asked(request), foreignMessage(foreign)));
    } else if (endpoint === undefined) lambda.listener(request, response);
    else if (sends(service)) this.#forwardAllowed(request, response, service, endpoint);
    else this.#forward(request, response, service, endpoint);
  }

  reject(request: IncomingMessage, socket: Duplex, place: AwsPlace): void {
    const { remotePort } = request.socket;
    const { body, ...answer } = this.#stopped(request, serviceOf(place), remotePort);
    answerUpgrade(socket, { ...answer, body: String(body) });
  }

  stop(): void {
    this.#proxy.stop();
  }

  /**
   * If calls may leave, AWS answers for user pools that are not an issuer here. Their host leads here because
   * of the issuers.
   */
  #endpointOf(service: string, request: IncomingMessage): string | undefined {
    const { allowAws, endpointFor, issuers } = this.#parts;
    if (service === "lambda") return this.#otherLambda(request);
    const isAway = allowAws && service === USER_POOLS && issuers.length > 0;
    return endpointFor(service) ?? (isAway ? `https://${request.headers.host}` : undefined);
  }

  /**
   * Another Lambda that may answer: the definition's endpoint, or AWS for functions that exist only there.
   */
  #otherLambda(request: IncomingMessage): string | undefined {
    const { allowAws, endpointFor, lambda } = this.#parts;
    const { host = "" } = request.headers;
    const isAway = regionOfHost(host) !== undefined && !lambda.isOwn(request);
    return endpointFor("lambda") ?? (allowAws && isAway ? `https://${host}` : undefined);
  }

  /** Forwards a call unless the caller's role denies it. */
  #forwardAllowed(
    request: IncomingMessage,
    response: ServerResponse,
    service: string,
    endpoint: string,
  ): void {
    const functionName = this.#callerOf(request);
    if (functionName === undefined) {
      this.#forward(request, response, service, endpoint);
      return;
    }
    const { remotePort } = request.socket; // a closed socket has none
    collectBody(request, SENT_BYTES, ({ body, isTooLarge }) => {
      const denied = isTooLarge
        ? undefined
        : this.#denied(request, service, body, { functionName, remotePort });
      if (isTooLarge) response.writeHead(413).end();
      else if (denied === undefined) this.#forward(request, response, service, endpoint, body);
      else writeAnswer(response, standInDenial(service, denied));
    });
  }

  #denied(
    request: IncomingMessage,
    service: string,
    body: Buffer,
    by: { readonly functionName: string; readonly remotePort: number | undefined },
  ): AccessDenied | undefined {
    const { accountId, check, hosts, invocationOf } = this.#parts;
    const region = regionOfHost(request.headers.host ?? "") ?? hosts.region;
    const needed = neededAction({
      ...{ service, operation: operationOf(asked(request, body)), body: body.toString() },
      ...{ partition: partitionOf(region).name, region, accountId },
    });
    if (needed === undefined) return undefined;
    const { functionName, remotePort } = by;
    const parent = traceParent(request.headers["x-amzn-trace-id"]);
    const because = invocationOf(remotePort, parent, functionName)?.started;
    const { action, resource } = needed;
    return check({ functionName, action, resource: () => resource, because, standIn: service });
  }

  #forward(
    request: IncomingMessage,
    response: ServerResponse,
    service: string,
    endpoint: string,
    body?: Buffer,
  ): void {
    const unreachable = (why: string): void => {
      const message = `wsgw cannot reach ${endpoint}, the endpoint for ${service}: ${why}.`;
      this.#parts.journal.record({ type: "warning", message });
      write(response, { ...stopAnswer(service, asked(request), message), statusCode: 502 });
    };
    this.#proxy.forward(request, response, endpoint, unreachable, body);
  }

  /** The response to a blocked call, which is recorded. */
  #stopped(
    request: IncomingMessage,
    service: string,
    remotePort: number | undefined,
    body?: Buffer,
  ): StopAnswer {
    const { hosts, invocationOf, journal, lambda } = this.#parts;
    const call = asked(request, body);
    const functionName = this.#callerOf(request);
    const stopped = {
      service,
      operation: operationOf(call),
      host: request.headers.host ?? "",
      functionName,
    };
    const parent = traceParent(request.headers["x-amzn-trace-id"]);
    const invoked = invocationOf(remotePort, parent, functionName);
    const { connectionId, started } = invoked ?? { connectionId: undefined, started: undefined };
    journal.record({ type: "aws.stopped", ...stopped, connectionId }, started);
    const isOfClient =
      service === "execute-api" && functionName === undefined && invoked === undefined;
    const isOwn = service === "lambda" && lambda.isOwn(request);
    const kind = isOfClient ? "of-client" : isOwn ? "of-own-function" : "other";
    return stopAnswer(service, call, stopMessage(stopped, hosts, kind));
  }

  #callerOf({ method = "", url = "", rawHeaders }: IncomingMessage): string | undefined {
    const body = Buffer.alloc(0); // the form of the signature is enough to identify the signer
    const authorization = readAuthorization({ method, url, rawHeaders, body });
    if (authorization.kind !== "signed") return undefined;
    return this.#parts.secretFor(authorization.accessKeyId)?.functionName;
  }
}

/** Answers with an issuer's document; returns false for any other call, which it does not answer. */
function answerDocument(
  request: IncomingMessage,
  response: ServerResponse,
  issuers: readonly KeySetOf[],
): boolean {
  const url = `https://${nameOf(request.headers.host ?? "")}${request.url}`;
  const document = request.method === "GET" ? documentAt(issuers, url) : undefined;
  if (document === undefined) return false;
  request.resume();
  writeJson(response, document);
  return true;
}

function serviceOf(place: AwsPlace): string {
  return place.kind === "service" ? place.service : place.kind;
}

function asked(request: IncomingMessage, body?: Buffer): AwsRequest {
  const { method = "", url = "", rawHeaders } = request;
  const isForm = request.headers["content-type"]?.includes("x-www-form-urlencoded") === true;
  return { method, url, rawHeaders, form: isForm ? body?.toString() : undefined };
}

function write(response: ServerResponse, { statusCode, headers, body }: StopAnswer): void {
  response.writeHead(statusCode, { ...headers, "Content-Length": Buffer.byteLength(body) });
  response.end(body);
}
