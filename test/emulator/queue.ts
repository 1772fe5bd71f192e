export type Queue<Item> = {
  push(item: Item): void;
  /** The oldest item that nobody has taken, as soon as there is one. */
  next(): Promise<Item>;
  /** Everything that was ever pushed. */
  readonly all: readonly Item[];
};

/** What a test awaits instead of sleeping. */
export function createQueue<Item>(): Queue<Item> {
  const all: Item[] = [];
  const waiting: ((item: Item) => void)[] = [];
  let taken = 0;
  return {
    all,
    push(item) {
      all.push(item);
      const resolve = waiting.shift();
      if (resolve === undefined) return;
      taken += 1;
      resolve(item);
    },
    next() {
      if (taken < all.length) {
        taken += 1;
        return Promise.resolve(all[taken - 1]!);
      }
      return new Promise((resolve) => waiting.push(resolve));
    },
  };
}
