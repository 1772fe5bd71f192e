/** A callback in Node's form. */
export type Callback = (error?: unknown, result?: unknown) => void;

type Method = (...args: readonly unknown[]) => unknown;
type Lock = (key: unknown, start: (release: Release) => void) => void;
type Release = (next: Callback) => Callback;
type Locked = { lock: Lock };

/** What the parts of a dynalite store have in common, as far as it matters here. */
export type StoreParts = {
  readonly db: Record<(typeof CALLS)[number] | (typeof STREAMS)[number], Method>;
  readonly tableDb: Locked;
  getItemDb(name: string): Locked;
  getIndexDb(type: string, table: string, index: string): Locked;
  getTagDb(name: string): Locked;
};

const CALLS = ["put", "get", "del", "batch"] as const;
const STREAMS = ["createKeyStream", "createValueStream"] as const;

/** One call of the store on its way. */
export type ContainedCall = {
  /** Runs the beginning of the call. */
  run(work: () => void): void;
};

/**
 * Has a store report to a call what is thrown while it works on that call. Dynalite throws from callbacks of
 * its database what it did not foresee, which would end the gateway: errors of the disk and bugs alike.
 * Locks that the call holds are released, so that later calls of the same item do not wait forever.
 */
export function containStore(store: StoreParts): (fail: (error: unknown) => void) => ContainedCall {
  let current: Call | undefined;

  function within(call: Call, work: () => unknown): unknown {
    const before = current;
    current = call;
    try {
      return work();
    } catch (error) {
      call.fail(error);
      for (const release of call.held.splice(0)) attempt(release);
      return undefined;
    } finally {
      current = before;
    }
  }
  /** The same function; it runs on behalf of the call that made it. */
  function bound(callback: Method): Method {
    const call = current;
    if (call === undefined) return callback;
    return (...args) => within(call, () => callback(...args));
  }

  for (const name of CALLS) {
    const method = store.db[name].bind(store.db);
    store.db[name] = (...args) => {
      const callback = args.at(-1);
      if (typeof callback !== "function") return method(...args);
      return method(...args.slice(0, -1), bound(callback as Method));
    };
  }
  for (const name of STREAMS) {
    const method = store.db[name].bind(store.db);
    store.db[name] = (...args) => {
      const stream = method(...args) as { emit: Method };
      stream.emit = bound(stream.emit.bind(stream));
      return stream;
    };
  }
  const locking = new WeakSet<Locked>();
  function contained<T extends Locked>(part: T): T {
    if (locking.has(part)) return part;
    locking.add(part);
    const { lock } = part;
    part.lock = (key, start) => {
      const call = current;
      lock(
        key,
        bound((release) => {
          call?.held.push((release as Release)(() => {}));
          start(release as Release);
        }),
      );
    };
    return part;
  }
  contained(store.tableDb);
  for (const name of ["getItemDb", "getIndexDb", "getTagDb"] as const) {
    const open = (store[name] as (...names: readonly string[]) => Locked).bind(store);
    store[name] = (...names: readonly string[]) => contained(open(...names));
  }

  return (fail) => {
    const call: Call = { fail, held: [] };
    return { run: (work) => void within(call, work) };
  };
}

type Call = {
  readonly fail: (error: unknown) => void;
  /** What releases the locks that the call has taken; releasing twice does nothing. */
  readonly held: (() => void)[];
};

/** A lock that is already free may throw. */
function attempt(work: () => void): void {
  try {
    work();
  } catch {}
}
