import fs from "node:fs";
import {
  addedWork,
  countWork,
  type PendingCounts,
  type PendingWork,
  withRequests,
} from "../../rules/pending-work.ts";
import { watchFetches } from "./fetches.ts";

/** Finds work that an event left behind. */
export type PendingWatch = {
  /** Drops work that is under way: from now on it belongs to no event. */
  forget(): void;
  /** New work since the last call. Takes about a microsecond without new work. */
  take(): readonly PendingWork[];
};

const NOTHING: readonly PendingWork[] = [];

/** Watches this process. */
export function createPendingWatch(): PendingWatch {
  const fetches = watchFetches();
  const closings = countClosings();
  let before: PendingCounts = {};
  /** Requests and connections that have been reported. */
  const told = new WeakSet<object>();

  return {
    forget: () => void take(),
    take,
  };

  function take(): readonly PendingWork[] {
    const resources = process.getActiveResourcesInfo();
    if (resources.length === 0 && fetches.size === 0) {
      before = {};
      return NOTHING;
    }
    const now = withoutOver(countWork(resources), closings());
    const added = addedWork(before, now);
    before = now;
    const requests = untold(fetches, ([of, line]) => [of, line]);
    const connections: string[] = [];
    if (resources.some(isSocket)) {
      const sockets = activeHandles();
      requests.push(...untold(sockets, requestOn));
      connections.push(...untold(sockets, connectionOf));
    }
    return withRequests(added, requests, connections);
  }

  /** Descriptions of the items that have not been reported. */
  function untold<Item>(
    items: Iterable<Item>,
    describe: (item: Item) => readonly [of: object, description: string] | undefined,
  ): string[] {
    return [...items].flatMap((item) => {
      const [of, description] = describe(item) ?? [];
      if (of === undefined || description === undefined || told.has(of)) return [];
      told.add(of);
      return [description];
    });
  }
}

/**
 * Omits work that ends by itself and that code cannot await: files being closed, processes that have ended.
 */
function withoutOver(counts: PendingCounts, closings: number): PendingCounts {
  const { file = 0, process: processes = 0 } = counts;
  const ended = processes === 0 ? 0 : activeHandles().filter(isEndedProcess).length;
  return {
    ...counts,
    ...(file > 0 && { file: Math.max(0, file - closings) }),
    ...(processes > 0 && { process: Math.max(0, processes - ended) }),
  };
}

function isEndedProcess(handle: object): boolean {
  const { spawnfile, exitCode, signalCode, killed } = handle as Inside;
  return spawnfile !== undefined && (exitCode !== null || signalCode !== null || killed === true);
}

/** Streams close their files last; only the start of such a request distinguishes it from others. */
function countClosings(): () => number {
  const { close } = fs;
  const destroyed = watchDestroyed();
  let count = 0;
  const counted = (fd: number, callback?: fs.NoParamCallback): void => {
    const ended: fs.NoParamCallback = (error) => {
      count -= 1;
      if (callback !== undefined) callback(error);
      else if (error) throw error;
    };
    close(fd, ended);
    destroyed.delete(fd);
    count += 1;
  };
  fs.close = Object.assign(counted, { __promisify__: close.__promisify__ });
  return () => count + destroyed.size;
}

/** Files of destroyed streams that finish a last operation before they close. */
function watchDestroyed(): Set<number> {
  const destroyed = new Set<number>();
  for (const { prototype } of [fs.ReadStream, fs.WriteStream]) {
    const { _destroy } = prototype;
    prototype._destroy = function (this: typeof prototype, error, callback) {
      const fd: unknown = Reflect.get(this, "fd");
      if (typeof fd !== "number") return _destroy.call(this, error, callback);
      destroyed.add(fd);
      _destroy.call(this, error, (failure) => {
        destroyed.delete(fd);
        callback(failure);
      });
    };
  }
  return destroyed;
}

/** Connected sockets and connecting ones, such as `TCPSocketWrap`, `ConnectWrap` and `TLSWrap`. */
function isSocket(resource: string): boolean {
  return resource.endsWith("SocketWrap") || resource.endsWith("ConnectWrap");
}

type Inside = Readonly<Record<string, unknown>>;

/**
 * Only internals distinguish a socket that waits for a response from a kept-alive one: `http` attaches the
 * request to it. A response that has begun is not work: many programs do not read what they do not need.
 */
function requestOn(socket: object): readonly [object, string] | undefined {
  const message = (socket as Inside)._httpMessage;
  if (typeof message !== "object" || message === null) return undefined;
  if (!("res" in message) || message.res || (message as Inside).destroyed) return undefined;
  const { method, protocol, host, path } = message as Inside;
  return [message, `${method} ${protocol}//${host}${String(path).split("?")[0]}`];
}

function connectionOf(socket: object): readonly [object, string] | undefined {
  const { connecting, _host } = socket as Inside;
  if (connecting !== true) return undefined;
  return [socket, typeof _host === "string" ? _host : ""];
}

/** Node has no public API for these; the undocumented one is as old as Node. */
function activeHandles(): readonly object[] {
  const { _getActiveHandles } = process as { _getActiveHandles?: () => object[] };
  return _getActiveHandles?.call(process) ?? [];
}
