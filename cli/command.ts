import type { Argv, CommandModule, Options } from "yargs";
import { given } from "../src/values/given.ts";
import { nearest } from "../src/values/nearest.ts";
import type { Io } from "./terminal/io.ts";

/** The work of a parsed command line. */
export type Run = (io: Io) => Promise<number>;

/** One command. It is light, so that `wsgw --help` can list all commands; the work is loaded when it runs. */
export type Command = {
  readonly name: string;
  /** The message if a required argument is missing. */
  readonly missing?: string;
  /** Passes the work of a valid command line to `choose`. */
  define(choose: (run: Run) => void): CommandModule;
  /**
   * The possible arguments after `given`, without options, for shell completion. `names` reads the definition
   * of the project.
   */
  complete?(
    given: readonly string[],
    names: (kind: "functions" | "tables") => Promise<readonly string[]>,
  ): readonly string[] | Promise<readonly string[]>;
};

/** Options of every command. */
export const COMMON: readonly string[] = ["help", "h", "version", "color"];

/** The parser settings. A command with other settings must repeat all of them. */
export const PARSING = {
  "camel-case-expansion": false,
  "dot-notation": false,
  "greedy-arrays": false,
  "parse-numbers": false,
  "parse-positional-numbers": false,
} as const;

const NAMES = { name: "UsageMistake" };

/** An error in the command line itself. */
export function mistake(message: string): Error {
  return Object.assign(new Error(message), NAMES);
}

/** Whether `error` is an error in the command line, found by a command or by yargs. */
export function isMistake(error: unknown): error is Error {
  return error instanceof Error && [NAMES.name, "YError"].includes(error.name);
}

/** The type of an option's value; undefined if it is not given and has no default. */
type Value<O> = O extends { readonly coerce: (value: unknown) => infer T }
  ? T | undefined
  : O extends { readonly default: boolean }
    ? boolean
    : boolean | undefined;

/** The parsed command line, by the names of options and positionals. */
export type Args<O, P extends string> = { readonly [K in keyof O]: Value<O[K]> } & {
  readonly [K in P]: string | undefined;
} & { readonly color: boolean | undefined };

type Definition<O, P extends string> = Pick<Command, "name" | "missing" | "complete"> & {
  /** Its description in `wsgw --help`. */
  readonly describe: string;
  /** The start of its own help, if that says more. */
  readonly about?: string;
  /** The arguments after `wsgw NAME` in its help, one line per way to call it. */
  readonly usage: string | readonly string[];
  /** The positionals in yargs' syntax: `<action> [table]`. */
  readonly words?: string;
  readonly positionals?: Readonly<Record<P, string>>;
  readonly options: O;
  /** Whether `args["--"]` contains the words after `--`. */
  readonly takesCommand?: boolean;
  /** Throws `mistake()` for options that conflict. */
  check?(args: Args<O, P>): void;
  readonly examples: readonly (readonly [commandLine: string, does: string])[];
  readonly epilogue?: string;
  /** Lines that explain the command's output, before the other lines of the help. */
  readonly legend?: readonly string[];
  /** Validates a command line, which may still be invalid, and returns the work. */
  read(args: Args<O, P>): Run;
};

/** Creates a command from its options, help and work. It rejects unknown options and extra arguments. */
export function command<
  const O extends Readonly<Record<string, Options>>,
  P extends string = never,
>(definition: Definition<O, P>): Command {
  const { name, options, positionals, describe, about = `${describe}.` } = definition;
  const usages = [definition.usage].flat().map((usage) => `$0 ${name} ${usage}`.trimEnd());
  const places = Object.entries<string>(positionals ?? {});
  let words: unknown;
  return {
    ...definition,
    define: (choose) => ({
      command: `${name} ${definition.words ?? ""}`.trimEnd(),
      describe,
      builder(parser) {
        for (const [place, what] of places) parser.positional(place, { describe: what });
        const known = [
          ...places.map(([place]) => place),
          ...(definition.takesCommand ? ["--"] : []),
        ];
        withOptions(parser, options, known)
          .usage(`${about}\n\nUsage: ${usages.join("\n       ")}`)
          .check((args) => {
            words = args["--"]; // yargs passes it only to the check
            definition.check?.(args as unknown as Args<O, P>);
            return true;
          });
        if (definition.takesCommand) parser.parserConfiguration({ ...PARSING, "populate--": true });
        for (const [line, does] of definition.examples) parser.example(line, does);
        const { legend = [], epilogue = "" } = definition;
        const ending = [...(legend.length > 0 ? [...legend, ""] : []), epilogue].join("\n");
        if (ending !== "") parser.epilogue(ending);
        return parser;
      },
      handler: (args) => choose(definition.read({ ...args, "--": words } as unknown as Args<O, P>)),
    }),
  };
}

/** Adds a command's options and rejects unknown options and extra arguments. */
function withOptions(
  parser: Argv,
  options: Readonly<Record<string, Options>>,
  positionals: readonly string[],
): Argv {
  const names = Object.keys(options);
  const aliases = Object.values(options).flatMap(({ alias }) => alias ?? []);
  const known = new Set([...COMMON, ...names, ...aliases, ...positionals, "_", "$0"]);
  return parser
    .options(options)
    .group(names, "Options:")
    .group(["help", "color", "version"], "Everywhere:")
    .check((args) => {
      for (const [name, value] of Object.entries(args)) {
        if (!known.has(name)) throw mistake(unknownOption(name, value, names));
      }
      const [, extra] = args._;
      if (extra !== undefined) throw mistake(`"${extra}" is an unexpected argument.`);
      return true;
    });
}

/** The message about an unknown option; `value` is the one that yargs parsed. */
function unknownOption(typed: string, value: unknown, names: readonly string[]): string {
  // Yargs parses --no-color as color: false, and all options with this prefix in the same way.
  const asTyped = value === false ? `no-${typed}` : typed;
  const near = nearestOption(asTyped, names);
  const suggestion = near === undefined ? "" : ` Did you mean --${near}?`;
  return `The option ${dashed(asTyped)} does not exist.${suggestion}`;
}

/** An option as typed: `-p`, `--port`. */
export function dashed(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name}`;
}

/** The most similar option: by spelling, or for a single letter the only option that begins with it. */
export function nearestOption(typed: string, names: readonly string[]): string | undefined {
  const all = [...names, "help", "version", "color"];
  const [first, second] = all.filter((name) => name.startsWith(typed));
  if (typed.length === 1) return second === undefined ? first : undefined;
  return nearest(typed, [...all, ...all.map((name) => `no-${name}`)]);
}

/**
 * Creates the `coerce` of an option that may be given once. `read` returns undefined for an invalid value;
 * `expected` describes valid ones.
 */
export function once<T>(
  name: string,
  read: (text: string) => T | undefined,
  expected = "",
): (value: unknown) => T | undefined {
  return (value) => {
    if (Array.isArray(value)) throw mistake(`--${name} is set more than once.`);
    if (value === false) throw mistake(`The option --no-${name} does not exist.`);
    const result = read(String(value));
    if (result === undefined) throw mistake(`--${name} must be ${expected}, not "${value}".`);
    return result;
  };
}

/** Parses one of several words; reports any other as an error of `what`, with the most similar word. */
export function oneOf<T extends string>(words: readonly T[], typed: string, what: string): T {
  const found = words.find((word) => word === typed);
  if (found !== undefined) return found;
  const near = nearest(typed, words);
  throw mistake(
    near === undefined
      ? `There is no ${what}; there are ${listed(words)}.`
      : `There is no ${what}. Did you mean ${near}?`,
  );
}

/** Creates the `coerce` of an option that accepts any string except the empty one. */
export const text = (name: string) =>
  once(name, (value) => (value === "" ? undefined : value), "given");

/** The options for the definition, the same for every command that reads it. */
export const FILE_OPTIONS = {
  config: {
    alias: "c",
    describe: "File with the API definition [wsgw.config.ts, .js, .mjs or .json]",
    requiresArg: true,
    coerce: text("config"),
  },
  template: {
    alias: "t",
    describe: "CloudFormation or SAM template [found like the config file]",
    requiresArg: true,
    coerce: text("template"),
  },
  "config-env": {
    describe: "Section of samconfig.toml to use [default]",
    requiresArg: true,
    coerce: text("config-env"),
  },
} as const;

const MODES = ["enforce", "warn", "off"] as const;

/** Handling of calls that a function's role does not allow. */
export const PERMISSIONS_OPTION = {
  permissions: {
    describe: "Calls that a function's role does not allow: enforce, warn or off [enforce]",
    requiresArg: true,
    coerce: once(
      "permissions",
      (value) => MODES.find((mode) => mode === value),
      "enforce, warn or off",
    ),
  },
} as const;

/** The state directory, for commands that look for a running gateway. */
export const STATE_OPTION = {
  "state-dir": {
    describe:
      "Directory for state, keys and builds [.wsgw next to a config file, else the user's cache]",
    requiresArg: true,
    coerce: text("state-dir"),
  },
} as const;

/** The name of a stack, as CloudFormation accepts it. */
export const stackName = once(
  "stack-name",
  (name) => (/^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(name) ? name : undefined),
  "letters, digits and hyphens, a letter first, 128 at most",
);

/** The options for the definition and a template's inputs, for commands on this machine. */
export const PROJECT_OPTIONS = {
  ...FILE_OPTIONS,
  "parameter-overrides": {
    alias: "parameter",
    describe: "NAME=value for parameters of the template; repeatable",
    requiresArg: true,
    coerce: repeatable,
  },
  "env-vars": {
    alias: "n",
    describe: "File with variables of the template's functions, as for sam local",
    requiresArg: true,
    coerce: text("env-vars"),
  },
  "stack-name": {
    describe: "Name of the template's stack [that of samconfig.toml, else its directory's]",
    requiresArg: true,
    coerce: stackName,
  },
  ...STATE_OPTION,
} as const;

/** Converts the options above. */
export function projectSource(args: Args<typeof PROJECT_OPTIONS, never>, io: Io) {
  return {
    cwd: io.cwd,
    ...given({
      config: args.config,
      template: args.template,
      parameters: args["parameter-overrides"],
      configEnv: args["config-env"],
      envVars: args["env-vars"],
      stackName: args["stack-name"],
      stateDir: args["state-dir"],
    }),
  };
}

/** SAM accepts several overrides after one `--parameter-overrides`; here each gets its own. */
export function spreadOverrides(argv: readonly string[]): readonly string[] {
  let option: string | undefined;
  return argv.flatMap((word, at) => {
    const isMore = option !== undefined && /^[^-=][^=]*=/.test(word);
    if (isMore && !OVERRIDES.includes(argv[at - 1] ?? "")) return [option ?? "", word];
    if (!isMore) option = OVERRIDES.find((name) => name === word);
    return [word];
  });
}

const OVERRIDES = ["--parameter-overrides", "--parameter"];

/** Creates the `coerce` of an option that may be given several times. */
export function repeatable(value: unknown): readonly string[] {
  return [value].flat().map(String);
}

/** Parses an integer from `least` to `most`. */
export function wholeNumber(least: number, most: number): (text: string) => number | undefined {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    return value >= least && value <= most ? value : undefined;
  };
}

/** The `coerce` of `--port`. */
export const port = once<number | "auto">(
  "port",
  (text) => (text === "auto" ? text : wholeNumber(0, 65_535)(text)),
  "a number from 0 to 65535, or auto",
);

/** Words in a sentence: `a, b and c`. */
export function listed(words: readonly string[]): string {
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
