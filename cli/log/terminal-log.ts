import type { Entry } from "../../src/app.ts";
import { mapValues } from "../../src/values/map-values.ts";
import { printable } from "../terminal/control-characters.ts";
import { timeOfDay } from "../terminal/duration.ts";
import { cut } from "../terminal/text.ts";
import { folded } from "../terminal/wrap.ts";
import { createAwsTeller } from "./aws.ts";
import { BroadcastCopies } from "./broadcast-copies.ts";
import { createConnectionTeller } from "./connections.ts";
import { createQueueTeller } from "./event-queue.ts";
import { createFunctionTeller } from "./functions.ts";
import { createLambdaTeller } from "./lambda-lines.ts";
import type { FactOf, Line, Pen, Weight } from "./line.ts";
import { createManagementTeller } from "./management.ts";
import { createMessageTeller } from "./messages.ts";
import { ConnectionNames, NAME_WIDTH } from "./names.ts";
import type { Detail, TerminalLogOptions } from "./options.ts";
import { createProjectTeller } from "./project.ts";

const TIME_WIDTH = 12;
const GAP = "  ";
const PREFIX_WIDTH = TIME_WIDTH + GAP.length + NAME_WIDTH + GAP.length;
const WIDTH_ELSEWHERE = 400;
/** Below this width lines are not wrapped: continuation lines would be too short. */
const LEAST_ROOM = 20;

/**
 * Creates a function that describes facts as lines. It needs every fact in order, and remembers what later
 * ones refer to.
 */
export function createTerminalLog(
  options: TerminalLogOptions,
): (entry: Entry) => readonly string[] {
  const { detail, paint, columns } = options;
  const names = new ConnectionNames(detail === "verbose" ? "id" : "number");
  const tell = createTeller(options);
  const copies = new BroadcastCopies();

  function render(at: number, { connectionId, text, below = [], lead }: Line): readonly string[] {
    const { name, colour } = connectionId === undefined ? NOBODY : names.of(connectionId);
    const who = paint[colour](name.padEnd(NAME_WIDTH));
    const [first = "", ...rest] = [
      ...rows(text, lead ?? `${indentationOf(text)}  `),
      ...below.flatMap((line) => rows(line, lead ?? indentationOf(line))),
    ];
    return [
      `${paint.dim(timeOfDay(at))}${GAP}${who}${GAP}${first}`.trimEnd(),
      ...rest.map((line) => `${" ".repeat(PREFIX_WIDTH)}${line}`.trimEnd()),
    ];
  }

  /** A line wrapped to the terminal's width; a file or a pipe gets it unwrapped. */
  function rows(line: string, lead: string): readonly string[] {
    const width = columns();
    return width === undefined
      ? [line]
      : folded(line, Math.max(LEAST_ROOM, width - PREFIX_WIDTH), lead);
  }

  return (entry) => {
    if (entry.type === "connection.requested") names.add(entry.connectionId);
    if (detail !== "verbose" && copies.isFurther(entry)) return [];
    const lines = tell(withPrintableNames(entry)).filter(({ weight }) => SHOWN[detail].has(weight));
    if (lines.length === 0) return [];

    const same = copies.endBefore(entry);
    const end: readonly Line[] =
      same === undefined ? [] : [{ weight: "story", text: paint.dim(same) }];
    return [...end, ...lines].flatMap((line) => render(entry.at, line));
  };
}

/**
 * Fields with several lines or many characters, which are made printable after they are split or truncated.
 */
const LONG: ReadonlySet<string> = new Set(["text", "message", "hint", "reason"]);

/** A fact whose names, causes and addresses contain no control characters. */
function withPrintableNames(entry: Entry): Entry {
  const fields = mapValues<unknown, unknown>(entry, (value, name) => {
    if (LONG.has(name) || (name === "because" && entry.type === "connection.refused")) return value;
    if (typeof value === "string") return printable(value);
    const isTexts = Array.isArray(value) && value.every((each) => typeof each === "string");
    return isTexts ? value.map(printable) : value;
  });
  return fields as Entry;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
const INDENTATION = /^(?:\u001b\[[\d;]*m)*( *)/;

function indentationOf(line: string): string {
  return INDENTATION.exec(line)?.[1] ?? "";
}

const NOBODY = { name: "", colour: "cyan" } as const;

const SHOWN: Readonly<Record<Detail, ReadonlySet<Weight>>> = {
  quiet: new Set(["trouble"]),
  normal: new Set(["trouble", "story"]),
  verbose: new Set(["trouble", "story", "detail"]),
};

function penOf({ detail, paint, columns }: TerminalLogOptions): Pen {
  return {
    paint,
    verbose: detail === "verbose",
    excerpt(text, taken) {
      const shown = printable(text);
      if (detail === "verbose") return shown;
      const room = (columns() ?? WIDTH_ELSEWHERE) - PREFIX_WIDTH - taken;
      return cut(shown, room, Buffer.byteLength(text));
    },
  };
}

function createTeller(options: TerminalLogOptions) {
  const { project, showsAccessLog = false, showsExecutionLog = false } = options;
  const pen = penOf(options);
  const connections = createConnectionTeller(pen, options);
  const messages = createMessageTeller(pen, options);
  const managed = createManagementTeller(pen, options);
  const functions = createFunctionTeller(pen, connections.connectRan);
  const queues = createQueueTeller(pen);
  const lambda = createLambdaTeller(pen, project);
  const files = createProjectTeller(pen);
  const aws = createAwsTeller(pen);
  const answered = (fact: FactOf<"message.answered">): readonly Line[] => {
    const line = messages.answered(fact, functions.takeFailed(fact.requestId));
    return line === undefined ? [] : [line];
  };

  return (entry: Entry): readonly Line[] => {
    switch (entry.type) {
      case "connection.requested":
        return [connections.requested(entry)];
      case "connection.opened":
        return [connections.opened(entry)];
      case "connection.refused":
        return [connections.rejected(entry, functions.takeFailed(entry.connectionId ?? ""))];
      case "connection.closed":
        return [connections.closed(entry)];
      case "message.received":
        return [messages.received(entry)];
      case "route.selected":
        return [messages.routed(entry)];
      case "integration.called":
        return [];
      case "integration.answered":
        return [messages.integrated(entry)];
      case "message.answered":
        return answered(entry);
      case "access.logged":
        return showsAccessLog ? [messages.logged(entry)] : [];
      case "execution.logged":
        return showsExecutionLog ? [messages.logged(entry)] : [];
      case "frame.sent":
        return [messages.sent(entry)];
      case "management.answered":
        return [managed(entry)];
      case "function.started":
        return [...lambda.started(entry), functions.started(entry)];
      case "function.logged":
        return [functions.logged(entry)];
      case "function.ended":
        return [...functions.ended(entry), ...lambda.ended(entry)];
      case "function.unfinished":
        return [functions.unfinished(entry)];
      case "debugger.listening":
        return [files.debuggable(entry)];
      case "function.queued":
        return [queues.queued(entry)];
      case "event.requeued":
        return [queues.requeued(entry)];
      case "event.dropped":
        return [queues.dropped(entry)];
      case "invoke.answered":
        return [aws.invoked(entry)];
      case "table.written":
        return [aws.wrote(entry)];
      case "dynamodb.unsupported":
        return [aws.unsupported(entry)];
      case "permission.missing":
        return [aws.notAllowed(entry)];
      case "aws.stopped":
        return [aws.stopped(entry)];
      case "fault.injected":
        return [files.injected(entry)];
      case "fault.unused":
        return [files.unused(entry)];
      case "code.reloaded":
        return [files.reloaded(entry)];
      case "project.broken":
        return [files.broken(entry)];
      case "project.changed":
        return [files.changed(entry)];
      case "warning":
        return [files.warned(entry)];
      default:
        return entry satisfies never;
    }
  };
}
