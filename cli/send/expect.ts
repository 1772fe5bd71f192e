import type { ReceivedFrame } from "../../src/app.ts";
import { parseJson } from "../../src/values/json.ts";
import { matchesValue } from "../../src/values/match.ts";

/** A received message as an expectation sees it: bytes in hexadecimal. */
export function frameText(frame: ReceivedFrame): string {
  return frame.kind === "binary" ? frame.bytes.toString("hex") : frame.text;
}

/** The condition for a message, as users write it. */
export type Expectation = {
  readonly shown: string;
  matches(text: string): boolean;
};

/**
 * Parses an expectation: `/pattern/flags`; JSON, where an object or array must be part of the message's JSON;
 * or any other text, which must be the whole message. Undefined for an invalid pattern.
 */
export function readExpectation(written: string): Expectation | undefined {
  const shown = written;
  const [, source, flags] = /^\/(.+)\/([imsu]*)$/s.exec(written) ?? [];
  if (source !== undefined) {
    const pattern = regExp(source, flags);
    return pattern && { shown, matches: (text) => pattern.test(text) };
  }
  const expected = parseJson(written);
  if (expected === undefined) return { shown, matches: (text) => text === written };
  return {
    shown,
    matches(text) {
      const actual = parseJson(text);
      return (
        text === written || (actual !== undefined && matchesValue(expected.value, actual.value))
      );
    },
  };
}

/** Expectations that must be met in the given order; other messages may come between. */
export class ExpectedInOrder {
  /** Messages that did not meet the next expectation. */
  readonly others: string[] = [];
  readonly #left: Expectation[];

  constructor(wanted: readonly Expectation[]) {
    this.#left = [...wanted];
  }

  /** The first expectation that is not met yet. */
  get next(): Expectation | undefined {
    return this.#left[0];
  }

  take(text: string): void {
    if (this.next?.matches(text) === true) this.#left.shift();
    else this.others.push(text);
  }
}

function regExp(source: string, flags: string | undefined): RegExp | undefined {
  try {
    return new RegExp(source, flags);
  } catch {
    return undefined;
  }
}
