import type { Argv, CommandModule, InferredOptionTypes, Options } from "yargs";
import type { Io } from "./io.ts";
import { nearest } from "./nearest.ts";

/** What a command line comes to, run once all of it has been read. */
export type Run = (io: Io) => Promise<number>;

/** One command: light, so that `wsgw --help` can list all of them; the work is loaded when it runs. */
export type Command = {
  readonly name: string;
  /** What to say when a word is missing that the command must have. */
  readonly missing?: string;
  /** Hands the work of a good command line to `choose`. */
  define(choose: (run: Run) => void): CommandModule;
  /**
   * The words that may stand behind the words `given`, options left out, for a shell to complete.
   * `names` reads the definition of the project.
   */
  complete?(
    given: readonly string[],
    names: (kind: "functions" | "tables") => Promise<readonly string[]>,
  ): readonly string[] | Promise<readonly string[]>;
};

/** Options that every command takes. */
const COMMON = ["help", "h", "version", "color"];

const NAMES = { name: "UsageMistake" };

/** A fault of the command line itself. */
export function mistake(message: string): Error {
  return Object.assign(new Error(message), NAMES);
}

/** Whether `error` is a fault of the command line, found by a command or by yargs. */
export function isMistake(error: unknown): error is Error {
  return error instanceof Error && [NAMES.name, "YError"].includes(error.name);
}

/** Adds a command's options and refuses all others, and words that the command has no place for. */
export function withOptions<O extends Readonly<Record<string, Options>>>(
  parser: Argv,
  options: O,
  positionals: readonly string[] = [],
): Argv<InferredOptionTypes<O>> {
  const names = Object.keys(options);
  const aliases = Object.values(options).flatMap(({ alias }) => alias ?? []);
  const known = new Set([...COMMON, ...names, ...aliases, ...positionals, "_", "$0"]);
  return parser
    .options(options)
    .group(names, "Options:")
    .group(["help", "color", "version"], "Everywhere:")
    .check((args) => {
      for (const name of Object.keys(args)) {
        if (!known.has(name)) throw mistake(unknownOption(name, names));
      }
      const [, extra] = args._;
      if (extra !== undefined) throw mistake(`"${extra}" is one word too many.`);
      return true;
    });
}

function unknownOption(typed: string, names: readonly string[]): string {
  const dashes = typed.length === 1 ? "-" : "--";
  const near = nearest(typed, [...names, "help", "version", "color"]);
  const suggestion = near === undefined ? "" : ` Did you mean --${near}?`;
  return `There is no option ${dashes}${typed}.${suggestion}`;
}

/**
 * Makes the `coerce` of an option that is given at most once. `read` returns undefined for text that
 * is no such value; `expected` says what it should have been.
 */
export function once<T>(
  name: string,
  read: (text: string) => T | undefined,
  expected = "",
): (value: unknown) => T | undefined {
  return (value) => {
    if (Array.isArray(value)) throw mistake(`--${name} is given more than once.`);
    const result = read(String(value));
    if (result === undefined) throw mistake(`--${name} must be ${expected}; it is "${value}".`);
    return result;
  };
}

/** Makes the `coerce` of an option that may be given several times. */
export function repeatable(value: unknown): readonly string[] {
  return [value].flat().map(String);
}

/** Reads a whole number from `least` to `most`. */
export function wholeNumber(least: number, most: number): (text: string) => number | undefined {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    return value >= least && value <= most ? value : undefined;
  };
}

/** Leaves out what was not given, for options that must be absent rather than undefined. */
export function given<T extends Readonly<Record<string, unknown>>>(
  values: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

/** Words as they stand in a sentence: `a, b and c`. */
export function listed(words: readonly string[]): string {
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
