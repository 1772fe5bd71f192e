import type { LambdaFact } from "../facts.ts";

/** Work of one kind that an invocation left behind. */
export type PendingWork = Extract<
  LambdaFact,
  { readonly type: "function.unfinished" }
>["work"][number];

/** Kinds of work that code can leave behind after its response. */
export type PendingKind = PendingWork["kind"];

/** Amount of work by kind. */
export type PendingCounts = Readonly<Partial<Record<PendingKind, number>>>;

/**
 * Node's names of resources that keep its event loop alive. Idle sockets and standard streams are not work.
 */
const KIND_OF: Readonly<Record<string, PendingKind>> = {
  Timeout: "timer",
  GetAddrInfoReqWrap: "lookup",
  GetNameInfoReqWrap: "lookup",
  QueryReqWrap: "lookup",
  FSReqCallback: "file",
  FSReqPromise: "file",
  ProcessWrap: "process",
  Process: "process",
  Worker: "thread",
};

/**
 * Whether a result of `process.getActiveResourcesInfo()` can be work: for a socket, its request and its opening
 * decide. Servers never are, nor the pipes of standard streams, which every environment has.
 */
export function canBeWork(resource: string): boolean {
  return KIND_OF[resource] !== undefined || isSocket(resource);
}

/** Counts the work in the result of `process.getActiveResourcesInfo()`. */
export function countWork(resources: readonly string[]): PendingCounts {
  const counts: Partial<Record<PendingKind, number>> = {};
  for (const name of resources) {
    const kind = KIND_OF[name];
    if (kind !== undefined) counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

/**
 * Omits work that ends by itself and that code cannot await: `closings`, the files being closed, and processes
 * among the `handles` that have ended or received a signal.
 */
export function withoutOver(
  counts: PendingCounts,
  closings: number,
  handles: readonly object[],
): PendingCounts {
  const { file = 0, process: processes = 0 } = counts;
  const ended = handles.filter(isEndedProcess).length;
  return {
    ...counts,
    ...(file > 0 && { file: Math.max(0, file - closings) }),
    ...(processes > 0 && { process: Math.max(0, processes - ended) }),
  };
}

type Inside = Readonly<Record<string, unknown>>;

function isEndedProcess(handle: object): boolean {
  const { spawnfile, exitCode, signalCode, killed } = handle as Inside;
  return spawnfile !== undefined && (exitCode !== null || signalCode !== null || killed === true);
}

/** Connected sockets and connecting ones: `TCPSocketWrap`, also below TLS, and `TCPConnectWrap`. */
export function isSocket(resource: string): boolean {
  return resource.endsWith("SocketWrap") || resource.endsWith("ConnectWrap");
}

/**
 * The request on a socket that has no response yet. Only internals distinguish a socket that waits for a
 * response from a kept-alive one: `http` attaches the request to it. A response that has begun is not work:
 * many programs do not read what they do not need. Nor is a cancelled request.
 */
export function requestOn(socket: object): readonly [object, string] | undefined {
  const message = (socket as Inside)._httpMessage;
  if (typeof message !== "object" || message === null) return undefined;
  if (!("res" in message) || message.res || (message as Inside).destroyed) return undefined;
  const { method, protocol, host, path } = message as Inside;
  return [message, `${method} ${protocol}//${host}${String(path).split("?")[0]}`];
}

/** A connection that is being opened, by its host. An open one that nothing waits for is not work. */
export function connectionOf(socket: object): readonly [object, string] | undefined {
  const { connecting, _host } = socket as Inside;
  if (connecting !== true) return undefined;
  return [socket, typeof _host === "string" ? _host : ""];
}

/** The work that has increased; an interval from an earlier event is not reported again. */
export function addedWork(before: PendingCounts, now: PendingCounts): readonly PendingWork[] {
  return (Object.entries(now) as [PendingKind, number][]).flatMap(([kind, counted]) => {
    const count = counted - (before[kind] ?? 0);
    return count > 0 ? [{ kind, count, details: [] }] : [];
  });
}

/** Puts requests first, and omits the connections and DNS lookups that they use. */
export function withRequests(
  work: readonly PendingWork[],
  requests: readonly string[],
  connections: readonly string[],
): readonly PendingWork[] {
  const counted = (kind: PendingKind, details: readonly string[]): readonly PendingWork[] =>
    details.length === 0 ? [] : [{ kind, count: details.length, details }];
  if (requests.length === 0) return [...counted("connection", connections), ...work];
  return [...counted("request", requests), ...work.filter(({ kind }) => kind !== "lookup")];
}
