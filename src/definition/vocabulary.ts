import * as v from "valibot";
import { isObject } from "../values/json.ts";
import { mapValues } from "../values/map-values.ts";
import { didYouMean, shown } from "./faults.ts";

/**
 * The building blocks of the definition's schema. valibot validates, infers and collects; the messages are
 * wsgw's own, and say what is wrong and what to do.
 */
type Message = (issue: { readonly input: unknown }) => string;

type Advise = (value: unknown) => string | undefined;

/** `expected` completes "is not …" and "give …"; `advise` may add to it for a particular value. */
function expects(expected: string, advise: Advise = () => undefined): Message {
  return ({ input }) =>
    input === undefined
      ? `is missing. Add ${expected}.`
      : `${shown(input)} is not ${expected}${advise(input) ?? "."}`;
}

/** A string that matches a pattern. */
export function text(expected: string, pattern: RegExp, advise?: Advise) {
  const message = expects(expected, advise);
  return v.pipe(v.string(message), v.regex(pattern, message));
}

/** A string without a problem according to `problemOf`, which is also called for values of other types. */
export function textWithout(problemOf: (value: unknown) => string | undefined) {
  const message: Message = ({ input }) => problemOf(input) ?? `${shown(input)} is not a string.`;
  return v.pipe(
    v.string(message),
    v.check((value) => problemOf(value) === undefined, message),
  );
}

/** A string that `accepts` returns true for. */
export function textThat(expected: string, accepts: (value: string) => boolean, advise?: Advise) {
  const message = expects(expected, advise);
  return v.pipe(v.string(message), v.check(accepts, message));
}

/** Any string with a length in this range. */
export function textOf(least: number, most: number) {
  const message = expects(`a string of ${least} to ${most} characters`);
  return v.pipe(v.string(message), v.minLength(least, message), v.maxLength(most, message));
}

/** `unit` is in parentheses after the range, for example `MB`. */
export function wholeNumber(least: number, most: number, unit: string) {
  const range =
    most === Number.POSITIVE_INFINITY ? `of ${least} or more` : `from ${least} to ${most}`;
  const message = expects(`an integer ${range} (${unit})`);
  return v.pipe(
    v.number(message),
    v.integer(message),
    v.minValue(least, message),
    v.maxValue(Math.min(most, Number.MAX_SAFE_INTEGER), message),
  );
}

/** A number of 0 or more, including fractions. */
export function numberFromZero(unit: string) {
  const message = expects(`a number of 0 or more (${unit})`);
  return v.pipe(v.number(message), v.finite(message), v.minValue(0, message));
}

export const trueOrFalse = v.boolean(expects("true or false"));

/** One of a few strings. `what` describes them; `listed` are those in the message. */
export function oneOf<const T extends readonly string[]>(
  what: string,
  words: T,
  listed: readonly string[] = words,
) {
  const nearest: Advise = (value) =>
    typeof value === "string" ? didYouMean(value, words) : undefined;
  return v.picklist(words, expects(`${what} (${listed.join(", ")})`, nearest));
}

/** Any value except undefined and null. */
export function something(expected: string) {
  return v.custom<unknown>(
    (value) => value !== undefined && value !== null && value !== "",
    expects(expected),
  );
}

/** An author's function, which JSON cannot contain. */
export function code<T>() {
  return v.custom<T>(
    (value) => typeof value === "function",
    ({ input }) =>
      `${shown(input)} is not a function. Hooks are functions in a definition in TypeScript or JavaScript.`,
  );
}

export function list<S extends v.GenericSchema>(item: S) {
  return v.array(item, ({ input }) => `${shown(input)} is not an array. Put it in [ ].`);
}

/** A field of an object, with its description for the editor, JSON Schema and docs. */
type Field<S extends v.GenericSchema = v.GenericSchema> = {
  readonly schema: S;
  readonly about: string;
};

export function required<S extends v.GenericSchema>(schema: S, about: string): Field<S> {
  return { schema, about };
}

/** A field that may be absent or undefined. */
export function optional<S extends v.GenericSchema, D extends v.InferInput<S> | undefined>(
  schema: S,
  about: string,
  fallback?: D,
): Field<v.ExactOptionalSchema<S, D>> {
  return { schema: v.exactOptional(schema, fallback as D), about };
}

type Entries<F extends Readonly<Record<string, Field>>> = {
  readonly [K in keyof F]: F[K]["schema"];
};

/**
 * An object with exactly these fields. `what` names it, for example `a function`; `explain` may end the
 * sentence about an unknown field with what its author probably meant.
 */
export function fields<const F extends Readonly<Record<string, Field>>>(
  what: string,
  described: F,
  explain: (name: string) => string | undefined = () => undefined,
) {
  const entries = mapValues(described, ({ schema }) => schema) as Entries<F>;
  const names = Object.keys(entries);
  const base = v.strictObject(entries, notAnObject(`the fields of ${what}`));
  const isLeftOut = (name: string) => entries[name]?.type === "exact_optional";

  return {
    ...base,
    about: mapValues(described, (field) => field.about),
    "~run"(...[dataset, config]: Parameters<(typeof base)["~run"]>) {
      const input = dataset.value;
      if (!isObject(input)) return reject(base, dataset, config);
      const present = names.filter((name) => input[name] !== undefined || !isLeftOut(name));
      const known: v.UnknownDataset = {
        value: Object.fromEntries(present.map((key) => [key, input[key]])),
      };
      const others = Object.keys(input).filter((name) => !names.includes(name));
      for (const key of others) {
        const instead =
          explain(key) ?? didYouMean(key, names) ?? `. Its fields are ${names.join(", ")}.`;
        const message = `"${key}" is not a field of ${what}${instead}`;
        const path = [{ type: "object", origin: "key", input, key, value: input[key] }] as const;
        v._addIssue(base, "key", known, config, { message, path: [...path] });
      }
      const result = base["~run"](known, config);
      return others.length === 0 ? result : ({ ...result, typed: false } as typeof result);
    },
  };
}

/** An object with the author's own names as keys. */
export function record<K extends v.GenericSchema<string, string>, S extends v.GenericSchema>(
  contents: string,
  key: K,
  entry: S,
) {
  const base = v.record(key, entry, notAnObject(contents));
  return {
    ...base,
    "~run"(...[dataset, config]: Parameters<(typeof base)["~run"]>) {
      return isObject(dataset.value)
        ? base["~run"](dataset, config)
        : reject(base, dataset, config);
    },
  };
}

/** Reports a value that is not an object; valibot itself accepts arrays as objects. */
function reject(
  schema: v.GenericSchema & { readonly message: Message },
  dataset: v.UnknownDataset,
  config: v.Config<v.BaseIssue<unknown>>,
): v.FailureDataset<never> {
  v._addIssue(schema, "type", dataset, config);
  return dataset as unknown as v.FailureDataset<never>;
}

/** The key of a record: `problem` completes a sentence that begins with the key. */
export function keyOf(pattern: RegExp, problem: string | ((key: string) => string)) {
  const message: Message = ({ input }) =>
    typeof problem === "string" ? `"${input}" ${problem}` : problem(String(input));
  return v.pipe(v.string(message), v.regex(pattern, message));
}

/**
 * A schema with several branches. `pick` returns the branch that the author meant, so that only its errors
 * are reported. Code that inspects the schema sees `seen`.
 */
export function meant<S extends v.GenericSchema>(
  seen: S,
  pick: (value: unknown) => v.GenericSchema<v.InferInput<S>, v.InferOutput<S>>,
): S {
  const run: S["~run"] = (dataset, config) => pick(dataset.value)["~run"](dataset, config);
  return { ...seen, "~run": run };
}

function notAnObject(contents: string): Message {
  return ({ input }) =>
    input === undefined
      ? `is missing. Add an object with ${contents}.`
      : `${shown(input)} is not an object with ${contents}.`;
}
