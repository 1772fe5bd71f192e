import { waitFor } from "./waiting.ts";

/** The wanted item, and the errors if it does not arrive. */
type Wanted<Item, Ending> = {
  /** Default: any item. */
  readonly accepts?: (item: Item) => boolean;
  readonly timeoutMs: number;
  readonly ended: (ending: Ending) => Error;
  readonly timedOut: () => Error;
};

/** A queue between a connection that receives items and callers that take them one by one. */
export class Inbox<Item, Ending> {
  readonly #items: Item[] = [];
  readonly #left: Item[] = [];
  readonly #listeners = new Set<() => void>();
  #ending: Ending | undefined;

  /** All items so far, oldest first. */
  get items(): readonly Item[] {
    return this.#items;
  }

  /** The items that have not been taken, oldest first. */
  get left(): readonly Item[] {
    return this.#left;
  }

  /** Undefined while more items may come. */
  get ending(): Ending | undefined {
    return this.#ending;
  }

  put(item: Item): void {
    this.#items.push(item);
    this.#left.push(item);
    this.#tell();
  }

  /** Ends the queue; items that were not taken stay. */
  end(ending: Ending): void {
    this.#ending = ending;
    this.#tell();
  }

  /** Calls `listener` for every item and at the end; the returned function unsubscribes. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes the oldest wanted item, or waits for the next one. */
  take({ accepts = () => true, timeoutMs, ended, timedOut }: Wanted<Item, Ending>): Promise<Item> {
    return waitFor({
      look: () => {
        const at = this.#left.findIndex((item) => accepts(item));
        if (at >= 0) return this.#left.splice(at, 1)[0];
        if (this.#ending !== undefined) throw ended(this.#ending);
        return undefined;
      },
      subscribe: (again) => this.onChange(again),
      timeoutMs,
      missed: timedOut,
    });
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
