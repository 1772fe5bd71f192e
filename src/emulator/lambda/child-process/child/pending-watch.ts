import fs from "node:fs";
import {
  addedWork,
  canBeWork,
  connectionOf,
  countWork,
  isSocket,
  type PendingCounts,
  type PendingWork,
  requestOn,
  withoutOver,
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
    if (fetches.size === 0 && !resources.some(canBeWork)) {
      before = {};
      return NOTHING;
    }
    const counted = countWork(resources);
    const now = withoutOver(
      counted,
      closings(),
      counted.process === undefined ? [] : activeHandles(),
    );
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

/** Node has no public API for these; the undocumented one is as old as Node. */
function activeHandles(): readonly object[] {
  const { _getActiveHandles } = process as { _getActiveHandles?: () => object[] };
  return _getActiveHandles?.call(process) ?? [];
}
