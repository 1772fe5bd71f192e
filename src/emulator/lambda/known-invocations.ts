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
  /** Whether an invocation with the `Parent` of this trace id has started and not ended. */
  isRunning(traceParent: string): boolean;
  byId(awsRequestId: string): Invoked | undefined;
};

/**
 * Number of invocations remembered after their end. More would live so long that V8 moves them to its old
 * space. A call that leaves after so many others has no cause.
 */
const MOST_ENDED = 200;

export function createKnownInvocations(): KnownInvocations {
  /** By function and `awsRequestId`. */
  const running = new Map<string, Map<string, Invoked>>();
  const sockets = new Map<number, () => string | undefined>();
  /** The newest is last. */
  let ended: { readonly awsRequestId: string; readonly invoked: Invoked }[] = [];

  /** An index would cost each invocation more than this search. */
  const findRunning = (matches: (awsRequestId: string) => boolean): Invoked | undefined => {
    for (const runs of running.values()) {
      for (const [awsRequestId, invoked] of runs) if (matches(awsRequestId)) return invoked;
    }
    return undefined;
  };
  /**
   * Searches the running invocations first: nearly every call is from one of these. Attempts of an asynchronous
   * invocation share an id, so the newest of the ended ones is meant.
   */
  const find = (matches: (awsRequestId: string) => boolean): Invoked | undefined =>
    findRunning(matches) ??
    ended.slice(-MOST_ENDED).findLast(({ awsRequestId }) => matches(awsRequestId))?.invoked;
  const byId = (id: string) => find((awsRequestId) => awsRequestId === id);

  return {
    started(functionName, awsRequestId, invoked) {
      const others = running.get(functionName);
      if (others === undefined) running.set(functionName, new Map([[awsRequestId, invoked]]));
      else others.set(awsRequestId, invoked);
    },
    ended(functionName, awsRequestId) {
      const runs = running.get(functionName);
      const invoked = runs?.get(awsRequestId);
      if (invoked === undefined) return;
      runs?.delete(awsRequestId);
      ended.push({ awsRequestId, invoked });
      if (ended.length >= MOST_ENDED * 2) ended = ended.slice(-MOST_ENDED);
    },
    opened: (localPort, current) => void sockets.set(localPort, current),
    closed: (localPort) => void sockets.delete(localPort),
    of(remotePort = 0, traceParent, functionName = "") {
      if (traceParent !== undefined) return find((id) => isParent(traceParent, id));
      const awsRequestId = sockets.get(remotePort)?.();
      if (awsRequestId !== undefined) return byId(awsRequestId);
      const runs = running.get(functionName);
      return runs?.size === 1 ? runs.values().next().value : undefined;
    },
    isRunning: (traceParent) => findRunning((id) => isParent(traceParent, id)) !== undefined,
    byId,
  };
}

/** Whether a trace id names this invocation: by the last 16 digits of its id. */
function isParent(traceParent: string, awsRequestId: string): boolean {
  return traceParent === awsRequestId.slice(-17, -13) + awsRequestId.slice(-12);
}
