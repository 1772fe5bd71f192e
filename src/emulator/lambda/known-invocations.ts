import type { FactId } from "../journal/journal.ts";

/** An invocation, as needed to link its calls to it. */
export type Invoked = {
  /** Its `function.started` fact. */
  readonly started: FactId;
  /** Undefined if the event does not belong to a connection. */
  readonly connectionId: string | undefined;
  /** The event's `requestContext.requestId`, if it has one. */
  readonly requestId: string | undefined;
};

/**
 * The invocation whose code made a request. Found by the `Parent` of its trace id, else by the environment
 * that opened the socket, else it is the function's only running one. Undefined if none of these applies.
 */
export type InvocationOf = (
  remotePort: number | undefined,
  traceParent: string | undefined,
  functionName: string | undefined,
) => Invoked | undefined;

/** Knows running invocations and recently ended ones: not every call is awaited. */
export type KnownInvocations = {
  started(functionName: string, awsRequestId: string, invoked: Invoked): void;
  ended(functionName: string, awsRequestId: string): void;
  /**
   * In-process code has opened a socket at this port; `current` returns the `awsRequestId` of its
   * environment's event.
   */
  opened(localPort: number, current: () => string | undefined): void;
  closed(localPort: number): void;
  readonly of: InvocationOf;
  byId(awsRequestId: string): Invoked | undefined;
};

/** Number of invocations remembered after their end. */
const MOST_ENDED = 1024;

export function createKnownInvocations(): KnownInvocations {
  const known = new Map<string, Invoked>();
  const running = new Map<string, Map<string, Invoked>>();
  const sockets = new Map<number, () => string | undefined>();
  /** A ring buffer: the next to be dropped is at `oldest`. */
  const ended: string[] = [];
  let oldest = 0;

  return {
    started(functionName, awsRequestId, invoked) {
      const parent = parentOf(awsRequestId);
      known.set(parent, invoked);
      const others = running.get(functionName);
      if (others === undefined) running.set(functionName, new Map([[parent, invoked]]));
      else others.set(parent, invoked);
    },
    ended(functionName, awsRequestId) {
      const parent = parentOf(awsRequestId);
      running.get(functionName)?.delete(parent);
      const forgotten = ended[oldest];
      if (forgotten !== undefined) known.delete(forgotten);
      ended[oldest] = parent;
      oldest = (oldest + 1) % MOST_ENDED;
    },
    opened: (localPort, current) => void sockets.set(localPort, current),
    closed: (localPort) => void sockets.delete(localPort),
    of(remotePort = 0, traceParent, functionName = "") {
      const awsRequestId = traceParent === undefined ? sockets.get(remotePort)?.() : undefined;
      const parent = awsRequestId === undefined ? traceParent : parentOf(awsRequestId);
      if (parent !== undefined) return known.get(parent);
      const runs = running.get(functionName);
      return runs?.size === 1 ? runs.values().next().value : undefined;
    },
    byId: (awsRequestId) => known.get(parentOf(awsRequestId)),
  };
}

/** The last 16 digits of an `awsRequestId`, as trace ids contain them. */
function parentOf(awsRequestId: string): string {
  return awsRequestId.slice(-17, -13) + awsRequestId.slice(-12);
}
