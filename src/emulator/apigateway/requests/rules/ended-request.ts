import type { ConnectionIdentity, Stamp } from "../../rules/events.ts";

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
  /** Whether the client was sent an answer to a message. */
  readonly isAnswered?: boolean;
};

export type RequestError = {
  readonly message: string;
  /** What is wrong with a body that does not fit its model. */
  readonly validation?: string | undefined;
};
