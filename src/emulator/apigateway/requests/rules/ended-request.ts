import type { HttpAnswer } from "../../../network/rules/http-answer.ts";
import type { BackendAnswer } from "../../integrations/rules/integration-response.ts";
import type { IntegrationOutcome } from "../../integrations/rules/proxy-results.ts";
import type { ConnectionIdentity, Stamp, WebSocketEvent } from "../../rules/event-types.ts";

/** An answered client request or call of `@connections`, as logs and metrics see it. */
export type EndedRequest = {
  readonly eventType: "CONNECT" | "MESSAGE" | "DISCONNECT" | "CONNECTION_API";
  /** Undefined for a message that matches no route. */
  readonly routeKey: string | undefined;
  /** The status of the integration, or of the gateway's own answer. */
  readonly status: number;
  readonly stamp: Stamp;
  /** Set if it differs from the request's own id. */
  readonly extendedRequestId?: string;
  /** As far as known: for a call, the id and the host that it contains. */
  readonly connection: Partial<ConnectionIdentity> & Pick<ConnectionIdentity, "identity">;
  readonly messageId?: string | undefined;
  /** Duration of the integration in ms; undefined if none was called. */
  readonly integrationLatency?: number | undefined;
  /** The gateway's own error message to the client. */
  readonly error?: RequestError | undefined;
  /** What the route called; undefined if it called nothing. */
  readonly called?: CalledFunction | CalledBackend | undefined;
  /** Why the gateway itself rejected or failed the request. */
  readonly because?: string | undefined;
  /** How a connection was closed. */
  readonly close?: { readonly code: number; readonly reason: string };
  /** A call of `@connections`. */
  readonly call?: { readonly body: Uint8Array; readonly answer: HttpAnswer };
  /** Whether the client received an answer to a message. */
  readonly isAnswered?: boolean;
};

export type RequestError = {
  readonly message: string;
  /** Why a body does not match its model. */
  readonly validation?: string | undefined;
};

/** The call of a Lambda proxy. */
export type CalledFunction = {
  readonly kind: "function";
  readonly event: WebSocketEvent;
  /** Its name in the definition. */
  readonly functionName: string;
  /** Lambda's id of the invocation, if it is logged. */
  readonly awsRequestId: string | undefined;
  readonly outcome: IntegrationOutcome;
};

/** The call of an integration other than Lambda proxy. */
export type CalledBackend = {
  readonly kind: "backend";
  readonly event: WebSocketEvent;
  /** Absent, like the function's name, if nothing was called, as for a mock. */
  readonly url?: URL | undefined;
  /** Its name in the definition. */
  readonly functionName?: string | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Uint8Array;
  /** Undefined if the integration was not called or did not answer. */
  readonly answer: BackendAnswer | undefined;
};
