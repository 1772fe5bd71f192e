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
import { outputLines } from "../terminal/control-characters.ts";
import { timeOfDay } from "../terminal/duration.ts";
import type { Io } from "../terminal/io.ts";
import { folded, widthOf } from "../terminal/wrap.ts";

type Stream = "stdout" | "stderr";

/** Reports what a command that runs with the gateway does. */
export type CommandPrinter = {
  printed(stream: Stream, text: string): void;
  /** `asked`: it was stopped on request. */
  ended(end: ProcessEnd, asked: boolean): void;
};

/**
 * Starts a command with this process's environment plus the gateway's URLs. Its calls to the hosts of the
 * project's APIs reach the gateway.
 */
export async function startGivenCommand(
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
    /** More variables for the ws URL. */
    readonly urlEnv: readonly string[];
    /** Whether its output is shown with colours. */
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
      // A client with another region would use other tables.
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

/** The tables' names, in the functions' variables; omits a variable for two different tables. */
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

/** Programs print no colours to a pipe unless a variable forces them. */
function wantsColours({ env }: Io): { FORCE_COLOR?: string } {
  const isSaid = env.NO_COLOR !== undefined || env.FORCE_COLOR !== undefined;
  return isSaid ? {} : { FORCE_COLOR: "1" };
}

/** Reports a command as JSON lines with `at` in epoch ms, as in facts. */
export function jsonPrinter(
  command: readonly string[],
  problemsOnly: boolean,
  line: (text: string) => void,
): CommandPrinter {
  const name = nameOf(command);
  const say = (fact: object) => line(JSON.stringify(fact));
  return {
    printed(stream, text) {
      if (problemsOnly && stream === "stdout") return;
      say({ type: "command.printed", at: Date.now(), command: name, stream, text });
    },
    ended: (end) => say({ type: "command.ended", at: Date.now(), command: name, end }),
  };
}

/** Reports a command in the log, each line prefixed with its name. */
export function logPrinter(
  command: readonly string[],
  options: {
    readonly paint: ChalkInstance;
    readonly problemsOnly: boolean;
    /** Width of the terminal; undefined if the output is not a terminal. */
    readonly columns: () => number | undefined;
    readonly line: (text: string) => void;
  },
): CommandPrinter {
  const { paint, problemsOnly, columns, line } = options;
  const name = nameOf(command);
  const prefix = () =>
    `${paint.dim(timeOfDay(Date.now()))}  ${paint.bold(name.padEnd(NAME_WIDTH))}`;
  return {
    printed(stream, text) {
      if (problemsOnly && stream === "stdout") return;
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
      if (asked || (problemsOnly && !failed)) return;
      line(`${prefix()}  ${failed ? paint.red("✗") : paint.green("✓")} ${inWords(end)}`);
    },
  };
}

/** The exit code that a shell would return for a command. */
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
      return "could not start";
    default:
      return end satisfies never;
  }
}

function nameOf([program = ""]: readonly string[]): string {
  return basename(program);
}
