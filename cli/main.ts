import yargs, { type Arguments } from "yargs";
import { nearest } from "../src/values/nearest.ts";
import { cert } from "./cert/command.ts";
import {
  COMMON,
  type Command,
  dashed,
  isMistake,
  listed,
  nearestOption,
  PARSING,
  type Run,
  spreadOverrides,
} from "./command.ts";
import { completion } from "./completion/command.ts";
import { deploy } from "./deploy/command.ts";
import { describe } from "./describe/command.ts";
import { destroy } from "./destroy/command.ts";
import { dev } from "./dev/command.ts";
import { diff } from "./diff/command.ts";
import { doctor } from "./doctor/command.ts";
import { event } from "./event/command.ts";
import { init } from "./init/command.ts";
import { invoke } from "./invoke/command.ts";
import { logs } from "./logs/command.ts";
import { send } from "./send/command.ts";
import { status } from "./status/command.ts";
import { table } from "./table/command.ts";
import { template } from "./template/command.ts";
import type { Io } from "./terminal/io.ts";
import { print } from "./terminal/output.ts";
import { reportBug, reportMistake } from "./terminal/report.ts";
import { token } from "./token/command.ts";
import { VERSION } from "./version.ts";

/** Every command, in the order of `wsgw --help`. */
export const COMMANDS: readonly Command[] = [
  init,
  dev,
  send,
  invoke,
  event,
  template,
  table,
  token,
  describe,
  deploy,
  diff,
  status,
  logs,
  destroy,
  cert,
  doctor,
  completion,
];

/** The option with which yargs' shell scripts request completions. */
const COMPLETE = "--get-yargs-completions";

/** `wsgw send` has additional ones. */
const EXIT = { done: 0, mistake: 1, bug: 2 } as const;

/** Runs one command line and returns the exit code: 1 for the user's errors, 2 for bugs of wsgw. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await run(await parse(argv, io), io, colour(argv));
  } catch (error) {
    if (await reportMistake(error, io, colour(argv))) return EXIT.mistake;
    reportBug(error, io);
    return EXIT.bug;
  }
}

/** Ends the parsing: yargs writes the help of a command whose work returns, which takes as long as all of the rest. */
const CHOSEN = new Error("A command was chosen.");

type Parsed =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "words"; readonly words: readonly string[] }
  | { readonly kind: "command"; readonly run: Run }
  | { readonly kind: "mistake"; readonly message: string; readonly hint: string };

async function run(parsed: Parsed, io: Io, color: boolean | undefined): Promise<number> {
  switch (parsed.kind) {
    case "text":
      print(io.stdout, parsed.text);
      return EXIT.done;
    case "words":
      for (const word of parsed.words) print(io.stdout, word);
      return EXIT.done;
    case "command":
      return parsed.run(io);
    case "mistake": {
      const { message, hint } = parsed;
      await reportMistake({ name: "WsgwError", message, hint }, io, color);
      return EXIT.mistake;
    }
    default:
      return parsed satisfies never;
  }
}

async function parse(argv: readonly string[], io: Io): Promise<Parsed> {
  const completing = argv[0] === COMPLETE ? argv.slice(1) : undefined;
  if (completing !== undefined) {
    const { completeWord } = await import("./completion/complete-word.ts");
    const words = await completeWord(completing, COMMANDS, io);
    if (words !== undefined) return { kind: "words", words };
  }
  let chosen: Run | undefined;
  let text = "";
  const parser = yargs()
    .scriptName("wsgw")
    .locale("en") // the only language of wsgw's own messages; searching for others costs time
    .usage("Run Amazon API Gateway WebSocket APIs on your own machine.\n\nUsage: $0 <command>")
    .option("color", { type: "boolean", describe: "Colours; --no-color turns them off" })
    .parserConfiguration(PARSING)
    .version(VERSION)
    .alias("help", "h")
    .epilogue("wsgw <command> --help shows the options of a command.")
    .wrap(Math.min(100, io.stdout.columns || 100))
    .exitProcess(false)
    .fail(false);
  // Registering all commands with yargs is slow, and running one needs only that one.
  const named = COMMANDS.filter(({ name }) => name === argv[0]);
  for (const command of named.length > 0 ? named : COMMANDS) {
    parser.command(
      command.define((run) => {
        chosen = run;
        throw CHOSEN;
      }),
    );
  }

  try {
    const args = await parser.parseAsync([...spreadOverrides(argv)], {}, (error, _args, output) => {
      if (error) throw error;
      text = output;
    });
    if (completing !== undefined) return { kind: "words", words: chosenFrom(text, completing) };
    if (text !== "") return { kind: "text", text };
    return noCommand(args, await parser.getHelp());
  } catch (error) {
    if (chosen !== undefined) return { kind: "command", run: chosen };
    const message = mistakeIn(error, argv);
    if (message === undefined) throw error;
    return { kind: "mistake", message, hint: helpFor(argv) };
  }
}

/** Undefined if the command line is valid. */
function mistakeIn(error: unknown, argv: readonly string[]): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.message.startsWith("Not enough non-option arguments")) {
    return commandIn(argv)?.missing ?? error.message;
  }
  if (!isMistake(error)) return undefined;
  const valueless = /^Not enough arguments following: (.+)$/.exec(error.message)?.[1];
  return valueless === undefined ? error.message : `${dashed(valueless)} needs a value.`;
}

/** Shows the help without a command. */
function noCommand({ _: [typed], $0: _, ...options }: Arguments, help: string): Parsed {
  const names = COMMANDS.map((command) => command.name);
  const hint = "Run wsgw --help to see the commands.";
  const mistaken = (message: string): Parsed => ({ kind: "mistake", message, hint });
  if (typed !== undefined) {
    const near = nearest(String(typed), names);
    const suggestion = near === undefined ? "" : ` Did you mean ${near}?`;
    return mistaken(`The command "${typed}" does not exist.${suggestion}`);
  }
  const option = Object.keys(options).find((name) => !COMMON.includes(name));
  if (option === undefined) return { kind: "text", text: help };
  const near = nearestOption(option, []);
  if (near === undefined) return mistaken(`Which command? There are ${listed(names)}.`);
  return mistaken(`The option ${dashed(option)} does not exist. Did you mean --${near}?`);
}

/** Yargs lists all commands or options; the shell needs those that match what was typed. */
function chosenFrom(text: string, typed: readonly string[]): readonly string[] {
  const current = typed.at(-1) ?? "";
  return text.split("\n").filter((word) => word.startsWith(current) && !/^--\w(:|$)/.test(word));
}

function helpFor(argv: readonly string[]): string {
  const command = commandIn(argv);
  return `Run wsgw ${command === undefined ? "" : `${command.name} `}--help to see its options.`;
}

/** The command is the first matching word; later words may look like another. */
function commandIn(argv: readonly string[]): Command | undefined {
  const name = argv.find((word) => COMMANDS.some((command) => command.name === word));
  return COMMANDS.find((command) => command.name === name);
}

function colour(argv: readonly string[]): boolean | undefined {
  if (argv.includes("--no-color")) return false;
  return argv.includes("--color") ? true : undefined;
}
