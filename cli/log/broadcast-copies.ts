import type { Entry } from "../../src/app.ts";

/** Copies of one broadcast that are shown individually. */
const COPIES_SHOWN = 3;

/** Counts the copies of one post; all but the first few become one line when another fact follows. */
export class BroadcastCopies {
  #text: string | undefined;
  #copies = 0;

  /** Counts a copy. Returns whether it is one that is not shown. */
  isFurther(entry: Entry): boolean {
    if (!isPost(entry) || entry.text !== this.#text) return false;
    this.#copies += 1;
    return this.#copies > COPIES_SHOWN;
  }

  /** The line about the copies not shown, if this fact, which is shown, is not a copy itself. */
  endBefore(entry: Entry): string | undefined {
    const text = isPost(entry) ? entry.text : undefined;
    if (text !== undefined && text === this.#text) return undefined;
    const more = this.#copies - COPIES_SHOWN;
    this.#text = text;
    this.#copies = 1;
    return more > 0
      ? `< the same to ${more} more ${more === 1 ? "connection" : "connections"}`
      : undefined;
  }
}

function isPost(entry: Entry): entry is Extract<Entry, { type: "frame.sent" }> {
  return entry.type === "frame.sent" && entry.cause === "post";
}
