/** A Node-style callback. */
export type Callback = (error?: unknown, result?: unknown) => void;

type Method = (...args: readonly unknown[]) => unknown;
type Lock = (key: unknown, start: (release: Release) => void) => void;
type Release = (next: Callback) => Callback;
type Locked = { lock: Lock };

/** The common parts of a dynalite store. */
export type StoreParts = {
  readonly db: Record<(typeof CALLS)[number] | (typeof STREAMS)[number], Method>;
  readonly tableDb: Locked;
  getItemDb(name: string): Locked;
  getIndexDb(type: string, table: string, index: string): Locked;
  getTagDb(name: string): Locked;
};

const CALLS = ["put", "get", "del", "batch"] as const;
const STREAMS = ["createKeyStream", "createValueStream"] as const;

/** A running call of the store. */
export type ContainedCall = {
  /** Runs the start of the call. */
  run(work: () => void): void;
};

/**
 * Makes a store report errors to the call that caused them. Dynalite throws unexpected errors, such as disk
 * errors and bugs, from callbacks of its database, which would end the gateway. Locks of the call are
 * released, so that later calls for the same item do not wait forever.
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
  /** The same function, run on behalf of the call that created it. */
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
  /** Functions that release the call's locks; releasing twice has no effect. */
  readonly held: (() => void)[];
};

/** Releasing a free lock may throw. */
function attempt(work: () => void): void {
  try {
    work();
  } catch {}
}
