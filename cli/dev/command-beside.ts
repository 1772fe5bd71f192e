import { constants } from "node:os";
import { basename } from "node:path";
import type { ChalkInstance } from "chalk";
import {
  type DevSession,
  type LocalProject,
  type ProcessEnd,
  type RunningCommand,
  startCommand,
} from "../../src/app.ts";
import { NAME_WIDTH } from "../log/names.ts";
import { timeOfDay } from "../terminal/duration.ts";
import type { Io } from "../terminal/io.ts";
import { folded, outputLines, widthOf } from "../terminal/text.ts";

type Stream = "stdout" | "stderr";

/** Tells what a command beside the gateway does. */
export type CommandPrinter = {
  printed(stream: Stream, text: string): void;
  /** `asked`: somebody had it stopped. */
  ended(end: ProcessEnd, asked: boolean): void;
};

/**
 * Starts a command with this process's environment and the gateway's URLs in it. Its calls to the hosts of the
 * project's APIs reach the gateway.
 */
export async function startBeside(
  session: Pick<
    DevSession,
    | "url"
    | "secureUrl"
    | "managementUrl"
    | "dynamodbEndpoint"
    | "region"
    | "apis"
    | "project"
    | "programEnvironment"
  >,
  options: {
    readonly command: readonly string[];
    /** Further variables that hold the ws URL. */
    readonly urlEnv: readonly string[];
    /** Whether what it prints is shown with colours. */
    readonly colours: boolean;
    readonly print: CommandPrinter;
  },
  io: Io,
): Promise<RunningCommand> {
  const { command, urlEnv, colours, print } = options;
  return startCommand({
    command,
    cwd: io.cwd,
    env: {
      ...io.env,
      ...(await session.programEnvironment(io.env)),
      ...(colours && wantsColours(io)),
      WSGW_URL: session.url,
      WSGW_SECURE_URL: session.secureUrl,
      WSGW_MANAGEMENT_URL: session.managementUrl,
      WSGW_STAGE: session.apis[0]?.stages[0]?.name ?? "",
      // A client of another region would find other tables.
      AWS_REGION: session.region,
      AWS_DEFAULT_REGION: session.region,
      ...(session.dynamodbEndpoint !== undefined && {
        AWS_ENDPOINT_URL_DYNAMODB: session.dynamodbEndpoint,
        ...namesOfTables(session.project),
      }),
      ...Object.fromEntries(urlEnv.map((name) => [name, session.url])),
    },
    printed: print.printed,
  });
}

/** The tables' names, in the variables that functions have them in; one that means two tables is left out. */
function namesOfTables({ tables, functions }: LocalProject): Readonly<Record<string, string>> {
  const names = new Set(Object.values(tables).map(({ name }) => name));
  const said = Object.values(functions).flatMap(({ environment }) =>
    Object.entries(environment).filter(
      (variable): variable is [string, string] =>
        typeof variable[1] === "string" && names.has(variable[1]),
    ),
  );
  const alone = said.filter(([name, table]) =>
    said.every((other) => other[0] !== name || other[1] === table),
  );
  return Object.fromEntries(alone);
}

/** Programs print no colours into a pipe, unless they are told that these are seen. */
function wantsColours({ env }: Io): { FORCE_COLOR?: string } {
  const isSaid = env.NO_COLOR !== undefined || env.FORCE_COLOR !== undefined;
  return isSaid ? {} : { FORCE_COLOR: "1" };
}

/** Tells of a command in JSON lines, which have `at`, in epoch ms, as facts have it. */
export function jsonPrinter(
  command: readonly string[],
  troubleOnly: boolean,
  line: (text: string) => void,
): CommandPrinter {
  const name = nameOf(command);
  const say = (fact: object) => line(JSON.stringify(fact));
  return {
    printed(stream, text) {
      if (troubleOnly && stream === "stdout") return;
      say({ type: "command.printed", at: Date.now(), command: name, stream, text });
    },
    ended: (end) => say({ type: "command.ended", at: Date.now(), command: name, end }),
  };
}

/** Tells of a command in the log, each line with its name in front. */
export function logPrinter(
  command: readonly string[],
  options: {
    readonly paint: ChalkInstance;
    readonly troubleOnly: boolean;
    /** Width of the terminal; undefined when the log goes elsewhere. */
    readonly columns: () => number | undefined;
    readonly line: (text: string) => void;
  },
): CommandPrinter {
  const { paint, troubleOnly, columns, line } = options;
  const name = nameOf(command);
  const prefix = () =>
    `${paint.dim(timeOfDay(Date.now()))}  ${paint.bold(name.padEnd(NAME_WIDTH))}`;
  return {
    printed(stream, text) {
      if (troubleOnly && stream === "stdout") return;
      const bar = stream === "stderr" ? paint.yellow("│") : paint.dim("│");
      for (const shown of outputLines(text, paint.level > 0)) {
        const whole = `${prefix()}  ${bar} ${shown}`.trimEnd();
        const lead = `${" ".repeat(widthOf(prefix()) + 2)}${bar} `;
        const width = columns() ?? Number.POSITIVE_INFINITY;
        for (const row of folded(whole, Math.max(width, 2 * lead.length), lead)) line(row);
      }
    },
    ended(end, asked) {
      const failed = exitStatus(end) !== 0;
      if (asked || (troubleOnly && !failed)) return;
      line(`${prefix()}  ${failed ? paint.red("✗") : paint.green("✓")} ${inWords(end)}`);
    },
  };
}

/** What a shell says of a command that ended so. */
export function exitStatus(end: ProcessEnd): number {
  switch (end.kind) {
    case "exited":
      return end.code;
    case "signalled":
      return SIGNALLED + (SIGNALS[end.signal] ?? 0);
    case "never-started":
      return 1;
    default:
      return end satisfies never;
  }
}

const SIGNALLED = 128;
const SIGNALS: Readonly<Record<string, number>> = constants.signals;

function inWords(end: ProcessEnd): string {
  switch (end.kind) {
    case "exited":
      return `ended with status ${end.code}`;
    case "signalled":
      return `ended by ${end.signal}`;
    case "never-started":
      return "could not be started";
    default:
      return end satisfies never;
  }
}

function nameOf([program = ""]: readonly string[]): string {
  return basename(program);
}
