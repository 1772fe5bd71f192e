import type { HttpAnswer } from "../../../network/rules/http-answer.ts";
import type { BackendAnswer } from "../../integrations/rules/integration-response.ts";
import type { IntegrationOutcome } from "../../integrations/rules/proxy-results.ts";
import type { ConnectionIdentity, Stamp, WebSocketEvent } from "../../rules/events.ts";

/** A request of a client or a call of `@connections` that has been answered, as logs and metrics see it. */
export type EndedRequest = {
  readonly eventType: "CONNECT" | "MESSAGE" | "DISCONNECT" | "CONNECTION_API";
  /** Undefined for a message that no route takes. */
  readonly routeKey: string | undefined;
  /** What the request came to: the integration's status, or that of the gateway's own answer. */
  readonly status: number;
  readonly stamp: Stamp;
  /** Where it is not the same as the request's own id. */
  readonly extendedRequestId?: string;
  /** As far as it is known: a call has the id and the host that it names. */
  readonly connection: Partial<ConnectionIdentity> & Pick<ConnectionIdentity, "identity">;
  readonly messageId?: string | undefined;
  /** How long the integration took, in ms; undefined where none was called. */
  readonly integrationLatency?: number | undefined;
  /** What the gateway itself says to the client. */
  readonly error?: RequestError | undefined;
  /** What answered the route; undefined where nothing was called. */
  readonly called?: CalledFunction | CalledBackend | undefined;
  /** Why the gateway itself refused or failed the request. */
  readonly because?: string | undefined;
  /** How a connection was closed. */
  readonly close?: { readonly code: number; readonly reason: string };
  /** A call of `@connections`. */
  readonly call?: { readonly body: Uint8Array; readonly answer: HttpAnswer };
  /** Whether the client was sent an answer to a message. */
  readonly isAnswered?: boolean;
};

export type RequestError = {
  readonly message: string;
  /** What is wrong with a body that does not fit its model. */
  readonly validation?: string | undefined;
};

/** The call of a Lambda proxy. */
export type CalledFunction = {
  readonly kind: "function";
  readonly event: WebSocketEvent;
  /** By its name in the definition. */
  readonly functionName: string;
  /** Lambda's id of the invocation, where it is logged. */
  readonly awsRequestId: string | undefined;
  readonly outcome: IntegrationOutcome;
};

/** The call of any other integration. */
export type CalledBackend = {
  readonly kind: "backend";
  readonly event: WebSocketEvent;
  /** Neither it nor a function where nothing was called, as of a mock. */
  readonly url?: URL | undefined;
  /** By its name in the definition. */
  readonly functionName?: string | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Uint8Array;
  /** Undefined where there was none. */
  readonly answer: BackendAnswer | undefined;
};
