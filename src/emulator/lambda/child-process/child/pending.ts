import fs from "node:fs";
import {
  addedWork,
  countWork,
  type PendingCounts,
  type PendingWork,
  withRequests,
} from "../../rules/pending-work.ts";
import { watchFetches } from "./fetches.ts";

/** Sees what work an event has left behind. */
export type PendingWatch = {
  /** From now on what is under way belongs to no event. */
  forget(): void;
  /** What has come since it was last asked. Takes about a microsecond when there is nothing. */
  take(): readonly PendingWork[];
};

const NOTHING: readonly PendingWork[] = [];

/** Watches this process. */
export function createPendingWatch(): PendingWatch {
  const fetches = watchFetches();
  const closings = countClosings();
  let before: PendingCounts = {};
  /** Requests and connections that have been told. */
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

  /** Descriptions of what has not been told before. */
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

/** Without what only comes to its end by itself, and nobody can await: files that are closed, processes that ended. */
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

/** Streams close their files when all else is done; nothing tells such a request from others but its beginning. */
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

/** The files of streams that are destroyed, and that end a last operation before they are closed. */
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

/** Connected ones and those on their way; such as `TCPSocketWrap`, `ConnectWrap` and `TLSWrap`. */
function isSocket(resource: string): boolean {
  return resource.endsWith("SocketWrap") || resource.endsWith("ConnectWrap");
}

type Inside = Readonly<Record<string, unknown>>;

/**
 * Only its inside tells a socket that waits for an answer from one that is kept for the next request:
 * `http` hangs the request on it. An answer that has begun to come is no work: many do not read what
 * they do not need.
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

/** There is no public way to these, and the undocumented one is as old as Node. */
function activeHandles(): readonly object[] {
  const { _getActiveHandles } = process as { _getActiveHandles?: () => object[] };
  return _getActiveHandles?.call(process) ?? [];
}
