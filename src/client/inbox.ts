/** How waiting for the next item can end without one. */
type Missed<Ending> =
  | { readonly kind: "ended"; readonly ending: Ending }
  | { readonly kind: "timed-out"; readonly timeoutMs: number };

export type Inbox<Item, Ending> = {
  /** Everything put in so far, oldest first. */
  readonly items: readonly Item[];
  put(item: Item): void;
  /** Nothing comes any more; items that were not taken stay. */
  end(ending: Ending): void;
  /** The oldest item not taken yet, else the next; rejects with what `failure` makes of missing it. */
  take(timeoutMs: number, failure: (missed: Missed<Ending>) => Error): Promise<Item>;
};

type Waiter<Item, Ending> = {
  readonly got: (item: Item) => void;
  readonly missed: (missed: Missed<Ending>) => void;
};

/** Creates a queue between whoever receives items and whoever waits for them one by one. */
export function createInbox<Item, Ending>(): Inbox<Item, Ending> {
  const items: Item[] = [];
  const waiters = new Set<Waiter<Item, Ending>>();
  let taken = 0;
  let over: Missed<Ending> | undefined;

  return {
    items,
    put(item) {
      items.push(item);
      const [waiter] = waiters;
      if (waiter === undefined) return;
      taken += 1;
      waiter.got(item);
    },
    end(ending) {
      over = { kind: "ended", ending };
      for (const waiter of waiters) waiter.missed(over);
    },
    take(timeoutMs, failure) {
      const queued = items[taken];
      if (queued !== undefined) {
        taken += 1;
        return Promise.resolve(queued);
      }
      if (over !== undefined) return Promise.reject(failure(over));
      return new Promise((resolve, reject) => {
        const leave = () => {
          clearTimeout(timer);
          waiters.delete(waiter);
        };
        const waiter: Waiter<Item, Ending> = {
          got(item) {
            leave();
            resolve(item);
          },
          missed(missed) {
            leave();
            reject(failure(missed));
          },
        };
        const timer = setTimeout(() => waiter.missed({ kind: "timed-out", timeoutMs }), timeoutMs);
        waiters.add(waiter);
      });
    },
  };
}
