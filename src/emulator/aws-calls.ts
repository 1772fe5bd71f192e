import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { foreignCaller, foreignMessage } from "./dynamodb/rules/foreign-caller.ts";
import type { Journal } from "./facts.ts";
import type { SecretFor } from "./iam/rules/authorization.ts";
import { readAuthorization } from "./iam/rules/authorization.ts";
import { traceParent } from "./journal/trace-parent.ts";
import type { LambdaApi } from "./lambda/api/front.ts";
import type { InvocationOf } from "./lambda/known-invocations.ts";
import { answerUpgrade } from "./network/answers.ts";
import { collectBody } from "./network/request-body.ts";
import { createReverseProxy } from "./network/reverse-proxy.ts";
import { type HostPlace, type HostTable, regionOfHost } from "./network/rules/aws-hosts.ts";
import {
  type AwsRequest,
  operationOf,
  type StopAnswer,
  stopAnswer,
  stopMessage,
} from "./network/rules/stopped-call.ts";

/** The host of a service of AWS that is none of the project's APIs. */
export type AwsPlace = Extract<HostPlace, { readonly kind: "dynamodb" | "lambda" | "service" }>;

export type AwsCalls = {
  answer(request: IncomingMessage, response: ServerResponse, place: AwsPlace): void;
  /** An upgrade, which nothing stands in for. */
  refuse(request: IncomingMessage, socket: Duplex, place: AwsPlace): void;
  stop(): void;
};

/** The action stands at the start of a form, and no other body is looked into. */
const FORM_BYTES = 256 * 1024;

export type AwsCallParts = {
  readonly hosts: HostTable;
  /** URL of what answers for a service on this machine; `dynamodb` for the tables. */
  readonly endpointFor: (service: string) => string | undefined;
  /** Answers for DynamoDB when the tables are the gateway's own. */
  readonly tables?: RequestListener | undefined;
  /** Answers for Lambda unless something else does. */
  readonly lambda: LambdaApi;
  /** Calls of Lambda that concern no function of the project may leave the machine. */
  readonly allowAws: boolean;
  readonly secretFor: SecretFor;
  readonly invocationOf: InvocationOf;
  readonly journal: Journal;
};

/** Answers calls of AWS services: by what stands in for them here or, in AWS's own words, not at all. */
export function createAwsCalls(parts: AwsCallParts): AwsCalls {
  const { hosts, endpointFor, tables, lambda, journal } = parts;
  const proxy = createReverseProxy();

  /** Where another Lambda is that may answer: the one of the definition, or AWS's for functions that are only there. */
  function otherLambda(request: IncomingMessage): string | undefined {
    const { host = "" } = request.headers;
    const isAway = regionOfHost(host) !== undefined && !lambda.isOwn(request);
    return endpointFor("lambda") ?? (parts.allowAws && isAway ? `https://${host}` : undefined);
  }

  function answer(request: IncomingMessage, response: ServerResponse, place: AwsPlace): void {
    if (place.kind === "dynamodb" && tables !== undefined) {
      tables(request, response);
      return;
    }
    const service = serviceOf(place);
    const endpoint = service === "lambda" ? otherLambda(request) : endpointFor(service);
    if (place.kind === "lambda" && endpoint === undefined && lambda.isInvoke(request)) {
      invoke(request, response);
      return;
    }
    if (endpoint === undefined) {
      const { remotePort } = request.socket; // a closed one has none
      collectBody(request, FORM_BYTES, ({ body }) =>
        write(response, stop(request, service, remotePort, body)),
      );
      return;
    }
    const foreign =
      place.kind === "service" ? undefined : foreignCaller(request.headers, place.kind);
    if (foreign !== undefined) {
      request.resume();
      const what = place.kind === "lambda" ? "functions" : "tables";
      write(response, stopAnswer(service, asked(request), foreignMessage(foreign, what)));
      return;
    }
    proxy.forward(request, response, endpoint, (why) => {
      const message = `${endpoint}, which is to answer for ${service}, cannot be reached: ${why}.`;
      journal.record({ type: "warning", message });
      write(response, { ...stopAnswer(service, asked(request), message), statusCode: 502 });
    });
  }

  function invoke(request: IncomingMessage, response: ServerResponse): void {
    const foreign = foreignCaller(request.headers, "lambda");
    if (foreign === undefined) {
      lambda.listener(request, response);
      return;
    }
    request.resume();
    write(response, stopAnswer("lambda", asked(request), foreignMessage(foreign, "functions")));
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
    const invoked = parts.invocationOf(remotePort, parent, functionName);
    const { connectionId, started } = invoked ?? { connectionId: undefined, started: undefined };
    journal.record({ type: "aws.stopped", ...stopped, connectionId }, started);
    const isOfClient =
      service === "execute-api" && functionName === undefined && invoked === undefined;
    return stopAnswer(service, call, stopMessage(stopped, hosts, isOfClient));
  }

  function callerOf({ method = "", url = "", rawHeaders }: IncomingMessage): string | undefined {
    const body = Buffer.alloc(0); // who signed is told by the form of the signature alone
    const authorization = readAuthorization({ method, url, rawHeaders, body });
    if (authorization.kind !== "signed") return undefined;
    return parts.secretFor(authorization.accessKeyId)?.functionName;
  }

  return {
    answer,
    refuse(request, socket, place) {
      const { body, ...answer } = stop(request, serviceOf(place), request.socket.remotePort);
      answerUpgrade(socket, { ...answer, body: String(body) });
    },
    stop: proxy.stop,
  };
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
