import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Entrance } from "./apigateway/rules/served-api.ts";
import { foreignCaller, foreignMessage } from "./dynamodb/rules/foreign-caller.ts";
import type { Journal } from "./facts.ts";
import type { SecretFor } from "./iam/rules/authorization.ts";
import { readAuthorization } from "./iam/rules/authorization.ts";
import { traceParent } from "./journal/trace-parent.ts";
import type { InvocationOf } from "./lambda/known-invocations.ts";
import { writeFinalAnswer } from "./network/answers.ts";
import type { PortHandlers } from "./network/port.ts";
import { collectBody } from "./network/request-body.ts";
import { createReverseProxy } from "./network/reverse-proxy.ts";
import { type HostPlace, type HostTable, placeOfHost } from "./network/rules/aws-hosts.ts";
import { isFromHere } from "./network/rules/public-host.ts";
import {
  type AwsRequest,
  operationOf,
  type StopAnswer,
  stopAnswer,
  stopMessage,
} from "./network/rules/stopped-call.ts";

export type AwsFront = PortHandlers & { stop(): void };

/** What answers for the APIs that run here. */
export type FrontApis = {
  readonly byId: ReadonlyMap<string, ApiHandlers>;
  /** At a host that is not AWS's. */
  ofPath(url: string): ApiHandlers;
};

export type ApiHandlers = {
  /** Plain requests, by the kind of host that they came to. */
  readonly requests: Readonly<Record<Entrance, RequestListener>>;
  readonly upgrade: PortHandlers["upgrade"];
};

type Outside = Extract<HostPlace, { readonly kind: "dynamodb" | "service" }>;

const NOWHERE: HostPlace = { kind: "elsewhere" };
/** The action stands at the start of a form, and no other body is looked into. */
const FORM_BYTES = 256 * 1024;
/** Clients have a few hosts each; whoever sends thousands of names must not fill the memory. */
const MOST_PLACES = 1_000;

/**
 * Answers everything that comes in at the port by the host that it is for: an API, its custom domain, a service
 * that something stands in for, or, in AWS's own words, nothing at all.
 */
export function createAwsFront(options: {
  readonly hosts: HostTable;
  readonly apis: FrontApis;
  /** URL of what answers for a service on this machine; `dynamodb` for the tables. */
  readonly endpointFor: (service: string) => string | undefined;
  /** Answers for DynamoDB when the tables are the gateway's own. */
  readonly tables?: RequestListener | undefined;
  readonly secretFor: SecretFor;
  readonly invocationOf: InvocationOf;
  readonly journal: Journal;
}): AwsFront {
  const { hosts, apis, endpointFor, tables, journal } = options;
  const proxy = createReverseProxy();
  const places = new Map<string, HostPlace>();

  function placeOf(host: string): HostPlace {
    const known = places.get(host);
    if (known !== undefined) return known;
    if (places.size >= MOST_PLACES) places.clear();
    const place = placeOfHost(hosts, host);
    places.set(host, place);
    return place;
  }

  function callAws(request: IncomingMessage, response: ServerResponse, place: Outside): void {
    if (place.kind === "dynamodb" && tables !== undefined) {
      tables(request, response);
      return;
    }
    const service = place.kind === "dynamodb" ? "dynamodb" : place.service;
    const endpoint = endpointFor(service);
    if (endpoint === undefined) {
      const { remotePort } = request.socket; // a closed one has none
      collectBody(request, FORM_BYTES, ({ body }) =>
        write(response, stop(request, service, remotePort, body)),
      );
      return;
    }
    const foreign = foreignCaller(request.headers);
    if (foreign !== undefined && place.kind === "dynamodb") {
      request.resume();
      write(response, stopAnswer(service, asked(request), foreignMessage(foreign)));
      return;
    }
    proxy.forward(request, response, endpoint, (why) => {
      const message = `${endpoint}, which is to answer for ${service}, cannot be reached: ${why}.`;
      journal.record({ type: "warning", message });
      write(response, { ...stopAnswer(service, asked(request), message), statusCode: 502 });
    });
  }

  function stop(
    request: IncomingMessage,
    service: string,
    remotePort: number | undefined,
    body?: Buffer,
  ): StopAnswer {
    const call = asked(request, body);
    const functionName = callerOf(request);
    const stopped = {
      service,
      operation: operationOf(call),
      host: request.headers.host ?? "",
      functionName,
    };
    const parent = traceParent(request.headers["x-amzn-trace-id"]);
    const invoked = options.invocationOf(remotePort, parent, functionName);
    const { connectionId, started } = invoked ?? { connectionId: undefined, started: undefined };
    journal.record({ type: "aws.stopped", ...stopped, connectionId }, started);
    return stopAnswer(service, call, stopMessage(stopped, hosts));
  }

  function callerOf({ method = "", url = "", rawHeaders }: IncomingMessage): string | undefined {
    const body = Buffer.alloc(0); // who signed is told by the form of the signature alone
    const authorization = readAuthorization({ method, url, rawHeaders, body });
    if (authorization.kind !== "signed") return undefined;
    return options.secretFor(authorization.accessKeyId)?.functionName;
  }

  /** The tables and what stands in for other services are for this machine only, whoever names their hosts. */
  function placeFor({ headers, socket }: IncomingMessage): HostPlace {
    const place = placeOf(headers.host ?? "");
    const isOutside = place.kind === "service" || place.kind === "dynamodb";
    return !isOutside || isFromHere(socket.remoteAddress, socket.localAddress) ? place : NOWHERE;
  }

  function apiAt(place: Exclude<HostPlace, Outside>, url = "/"): ApiHandlers {
    const known = place.kind === "elsewhere" ? undefined : apis.byId.get(place.apiId);
    return known ?? apis.ofPath(url);
  }

  return {
    request(request, response) {
      const place = placeFor(request);
      switch (place.kind) {
        case "elsewhere":
        case "execute-api":
        case "custom-domain":
          return apiAt(place, request.url).requests[place.kind](request, response);
        case "dynamodb":
        case "service":
          return callAws(request, response, place);
        default:
          return place satisfies never;
      }
    },
    upgrade(request: IncomingMessage, socket: Duplex, head: Buffer) {
      const place = placeFor(request);
      if (place.kind !== "service" && place.kind !== "dynamodb") {
        return apiAt(place, request.url).upgrade(request, socket, head);
      }
      const service = place.kind === "dynamodb" ? "dynamodb" : place.service;
      const { body, ...answer } = stop(request, service, request.socket.remotePort);
      writeFinalAnswer(socket, { ...answer, body: String(body) });
    },
    stop: proxy.stop,
  };
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
