import yargs from "yargs";
import { isMistake, PARSING, type Run } from "./command.ts";
import { cert } from "./commands/cert.ts";
import { deploy } from "./commands/deploy.ts";
import { describe } from "./commands/describe.ts";
import { destroy } from "./commands/destroy.ts";
import { dev } from "./commands/dev.ts";
import { diff } from "./commands/diff.ts";
import { event } from "./commands/event.ts";
import { init } from "./commands/init.ts";
import { invoke } from "./commands/invoke.ts";
import { logs } from "./commands/logs.ts";
import { send } from "./commands/send.ts";
import { status } from "./commands/status.ts";
import { table } from "./commands/table.ts";
import type { Io } from "./io.ts";
import { nearest } from "./nearest.ts";
import { reportBug, reportMistake } from "./report.ts";
import { VERSION } from "./version.ts";

const COMMANDS = [
  init,
  dev,
  send,
  invoke,
  event,
  table,
  describe,
  deploy,
  diff,
  status,
  logs,
  destroy,
  cert,
];

/** `wsgw send` has further ones of its own. */
const EXIT = { done: 0, mistake: 1, bug: 2 } as const;

/** Runs one command line and returns the exit code: 1 for the user's mistake, 2 for ours. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await run(await parse(argv, io), io, colour(argv));
  } catch (error) {
    if (await reportMistake(error, io, colour(argv))) return EXIT.mistake;
    reportBug(error, io);
    return EXIT.bug;
  }
}

type Parsed =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "command"; readonly run: Run }
  | { readonly kind: "mistake"; readonly message: string; readonly hint: string };

async function run(parsed: Parsed, io: Io, color: boolean | undefined): Promise<number> {
  switch (parsed.kind) {
    case "text":
      io.stdout.write(`${parsed.text}\n`);
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
  let chosen: Run | undefined;
  let text = "";
  const parser = yargs()
    .scriptName("wsgw")
    .locale("en") // the only language of our own texts; looking for others costs time
    .usage("Run Amazon API Gateway WebSocket APIs on your own machine.\n\nUsage: $0 <command>")
    .option("color", { type: "boolean", describe: "Colours; --no-color turns them off" })
    .parserConfiguration(PARSING)
    .version(VERSION)
    .alias("help", "h")
    .epilogue("wsgw <command> --help tells what a command takes.")
    .wrap(Math.min(100, io.stdout.columns || 100))
    .exitProcess(false)
    .fail(false);
  for (const command of COMMANDS) {
    parser.command(
      command.define((run) => {
        chosen = run;
      }),
    );
  }

  try {
    const args = await parser.parseAsync([...argv], {}, (error, _args, output) => {
      if (error) throw error;
      text = output;
    });
    if (text !== "") return { kind: "text", text };
    if (chosen !== undefined) return { kind: "command", run: chosen };
    return unknownCommand(args._[0]);
  } catch (error) {
    if (!isMistake(error)) throw error;
    const valueless = /^Not enough arguments following: (.+)$/.exec(error.message)?.[1];
    const message = valueless === undefined ? error.message : `--${valueless} needs a value.`;
    return { kind: "mistake", message, hint: helpFor(argv) };
  }
}

function unknownCommand(typed: string | number | undefined): Parsed {
  const names = COMMANDS.map((command) => command.name);
  const hint = "Run wsgw --help to see the commands.";
  if (typed === undefined) {
    return {
      kind: "mistake",
      message: `Which command? There are ${names.slice(0, -1).join(", ")} and ${names.at(-1)}.`,
      hint,
    };
  }
  const near = nearest(String(typed), names);
  const suggestion = near === undefined ? "" : ` Did you mean ${near}?`;
  return { kind: "mistake", message: `There is no command "${typed}".${suggestion}`, hint };
}

function helpFor(argv: readonly string[]): string {
  const command = COMMANDS.find(({ name }) => argv.includes(name));
  return `Run wsgw ${command === undefined ? "" : `${command.name} `}--help to see what it takes.`;
}

function colour(argv: readonly string[]): boolean | undefined {
  if (argv.includes("--no-color")) return false;
  return argv.includes("--color") ? true : undefined;
}
