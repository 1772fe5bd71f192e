import { isDeepStrictEqual } from "node:util";

/** What a message must be, as a person writes it. */
export type Expectation = {
  readonly shown: string;
  matches(text: string): boolean;
};

/**
 * Reads an expectation: `/pattern/flags`; JSON, of which an object or array must be a part of the
 * message's JSON; or any other text, which must be the whole message. Undefined for a pattern that is none.
 */
export function readExpectation(written: string): Expectation | undefined {
  const shown = written;
  const [, source, flags] = /^\/(.+)\/([imsu]*)$/s.exec(written) ?? [];
  if (source !== undefined) {
    const pattern = regExp(source, flags);
    return pattern && { shown, matches: (text) => pattern.test(text) };
  }
  const expected = json(written);
  if (expected === undefined) return { shown, matches: (text) => text === written };
  return {
    shown,
    matches(text) {
      const actual = json(text);
      return text === written || (actual !== undefined && contains(actual.value, expected.value));
    },
  };
}

/**
 * Whether `part` is in `whole`: each field of an object, at any depth; lists must be equally long,
 * and everything else equal.
 */
export function contains(whole: unknown, part: unknown): boolean {
  if (Array.isArray(part)) {
    return (
      Array.isArray(whole) &&
      whole.length === part.length &&
      part.every((each, index) => contains(whole[index], each))
    );
  }
  if (typeof part !== "object" || part === null) return isDeepStrictEqual(whole, part);
  if (typeof whole !== "object" || whole === null || Array.isArray(whole)) return false;
  return Object.entries(part).every(
    ([name, each]) => Object.hasOwn(whole, name) && contains(Reflect.get(whole, name), each),
  );
}

function regExp(source: string, flags: string | undefined): RegExp | undefined {
  try {
    return new RegExp(source, flags);
  } catch {
    return undefined;
  }
}

function json(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
