import { didYouMean, placeOf, type Report, shown } from "./faults.ts";

/**
 * Tells whether a value has the shape of `T`, and reports each fault in it with its place. Written
 * by hand because it is loaded at every start: the schema libraries take 15 ms and more to load,
 * and all their messages would have to be replaced.
 */
export type Shape<T> = (value: unknown, place: string, report: Report) => value is T;

/** `undefined`, or the field left out, is as good as `shape`. */
export type Optional<T> = { readonly optional: Shape<T> };

/** A shape for every field of `T`; one that `T` lacks, or that lacks a shape, does not compile. */
export type Fields<T> = {
  readonly [K in keyof T]-?: Record<never, never> extends Pick<T, K> ? Optional<T[K]> : Shape<T[K]>;
};

export function optional<T>(shape: Shape<T>): Optional<T> {
  return { optional: shape };
}

/**
 * A value that `accepts` takes. `expected` completes "is not …" and "give …", so it says both what
 * is wrong and what to do. `advise` may add to it for a particular value.
 */
export function value<T>(
  expected: string,
  accepts: (value: unknown) => value is T,
  advise: (value: unknown) => string | undefined = () => undefined,
): Shape<T> {
  return (value, place, report): value is T => {
    if (accepts(value)) return true;
    const problem = value === undefined ? `is missing; give ${expected}.` : notExpected(value);
    report(place, problem);
    return false;
  };

  function notExpected(value: unknown): string {
    const problem = `${shown(value)} is not ${expected}`;
    return problem + (advise(value) ?? ".");
  }
}

export function text(expected: string, pattern: RegExp): Shape<string> {
  return value(
    expected,
    (value): value is string => typeof value === "string" && pattern.test(value),
  );
}

/** Any text of so many characters. */
export function textOf(least: number, most: number): Shape<string> {
  return text(`a text of ${least} to ${most} characters`, new RegExp(`^.{${least},${most}}$`, "s"));
}

/** `unit` stands in parentheses behind the range, for example `MB`. */
export function wholeNumber(least: number, most: number, unit: string): Shape<number> {
  const range =
    most === Number.POSITIVE_INFINITY ? `of ${least} or more` : `from ${least} to ${most}`;
  return value(
    `a whole number ${range} (${unit})`,
    (value): value is number =>
      Number.isInteger(value) && Number(value) >= least && Number(value) <= most,
  );
}

export const trueOrFalse = value(
  "true or false",
  (value): value is boolean => typeof value === "boolean",
);

/** One of a few words. `what` names them together, for example `a runtime that wsgw knows`. */
export function oneOf<const T extends string>(what: string, words: readonly T[]): Shape<T> {
  return value(
    `${what} (${words.join(", ")})`,
    (value): value is T => words.some((word) => word === value),
    (value) => (typeof value === "string" ? didYouMean(value, words) : undefined),
  );
}

/** The name of something defined elsewhere: `what` is `a function`, `where` the field that defines them. */
export function nameOf(what: string, where: string, names: readonly string[]): Shape<string> {
  const has = names.length === 0 ? `\`${where}\` is empty` : `\`${where}\` has ${names.join(", ")}`;
  return value(
    `the name of ${what}`,
    (value): value is string => typeof value === "string" && names.includes(value),
    (value) => (typeof value === "string" && didYouMean(value, names)) || `; ${has}.`,
  );
}

export function list<T>(item: Shape<T>): Shape<readonly T[]> {
  return (value, place, report): value is readonly T[] => {
    if (!Array.isArray(value)) {
      report(place, `${shown(value)} is not a list; put it in [ ].`);
      return false;
    }
    return value.map((entry, i) => item(entry, placeOf(place, i), report)).every(Boolean);
  };
}

/**
 * An object with exactly these fields. `what` names it, for example `a function`; `explain` ends the
 * sentence about another field, where it knows what its author had in mind.
 */
export function fields<T>(
  what: string,
  shapes: Fields<T>,
  explain: (name: string) => string | undefined = () => undefined,
): Shape<T> {
  const names = Object.keys(shapes);
  return (value, place, report): value is T => {
    if (!isObject(value)) {
      report(place, notAnObject(value, `the fields of ${what}`));
      return false;
    }
    let sound = true;
    for (const name of Object.keys(value)) {
      if (names.includes(name)) continue;
      const known = explain(name) ?? didYouMean(name, names) ?? `, which has ${names.join(", ")}.`;
      report(placeOf(place, name), `"${name}" is not a field of ${what}${known}`);
      sound = false;
    }
    for (const [name, shape] of Object.entries<Shape<unknown> | Optional<unknown>>(shapes)) {
      const field = value[name];
      if (typeof shape !== "function" && field === undefined) continue;
      const check = typeof shape === "function" ? shape : shape.optional;
      if (!check(field, placeOf(place, name), report)) sound = false;
    }
    return sound;
  };
}

/** An object whose keys are names of the author's own. `key` says what is wrong with one, if anything is. */
export function record<V>(
  contents: string,
  key: (name: string) => string | undefined,
  entry: Shape<V>,
): Shape<Readonly<Record<string, V>>> {
  return (value, place, report): value is Readonly<Record<string, V>> => {
    if (!isObject(value)) {
      report(place, notAnObject(value, contents));
      return false;
    }
    let sound = true;
    for (const [name, item] of Object.entries(value)) {
      const problem = key(name);
      if (problem !== undefined) report(placeOf(place, name), problem);
      if (!entry(item, placeOf(place, name), report) || problem !== undefined) sound = false;
    }
    return sound;
  };
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function notAnObject(value: unknown, contents: string): string {
  if (value === undefined) return `is missing; give an object with ${contents}.`;
  return `${shown(value)} is not an object with ${contents}.`;
}
