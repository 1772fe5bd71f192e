import type { SampleEvent } from "../../src/app.ts";
import { given, mistake, once, repeatable, text, wholeNumber } from "../command.ts";

/** The options that say what an event is about; `invoke` and `event` share them. */
export const EVENT_OPTIONS = {
  route: {
    describe: "Route key of the message [the one that the API selects]",
    requiresArg: true,
    coerce: text("route"),
  },
  "connection-id": {
    describe: "Id of the connection [a new one]",
    requiresArg: true,
    coerce: text("connection-id"),
  },
  header: {
    alias: "H",
    describe: "Header of the handshake, 'Name: value'; repeatable",
    requiresArg: true,
    coerce: (value: unknown) => repeatable(value).map(header),
  },
  query: {
    describe: "Query string of the handshake, such as 'room=blue&token=1'",
    requiresArg: true,
    coerce: text("query"),
  },
  "source-ip": {
    describe: "Address of the client [127.0.0.1]",
    requiresArg: true,
    coerce: text("source-ip"),
  },
  code: {
    describe: "Status code of the disconnection [1000]",
    requiresArg: true,
    coerce: once("code", wholeNumber(1000, 4999), "a number from 1000 to 4999"),
  },
  reason: { describe: "Reason of the disconnection", requiresArg: true, coerce: text("reason") },
} as const;

/** Options that events of one kind alone have a place for. */
const OF_ONE_KIND: Readonly<Record<string, SampleEvent["kind"]>> = {
  body: "message",
  route: "message",
  query: "connect",
  code: "disconnect",
  reason: "disconnect",
};

/** Reads those options. Refuses one that the event has no place for. */
export function readSampleEvent(
  kind: SampleEvent["kind"],
  body: string | undefined,
  args: Readonly<Record<string, unknown>>,
): SampleEvent {
  for (const [name, owner] of Object.entries(OF_ONE_KIND)) {
    if (args[name] !== undefined && kind !== owner) {
      throw mistake(`--${name} goes with the event ${owner}, not with ${kind}.`);
    }
  }
  const code = args.code as number | undefined;
  const reason = args.reason as string | undefined;
  return {
    kind,
    ...given({
      body,
      routeKey: args.route as string | undefined,
      connectionId: args["connection-id"] as string | undefined,
      headers: args.header as readonly (readonly [string, string])[] | undefined,
      query: (args.query as string | undefined)?.replace(/^\?/, ""),
      sourceIp: args["source-ip"] as string | undefined,
    }),
    ...((code ?? reason) !== undefined && { close: { code: code ?? 1000, reason: reason ?? "" } }),
  };
}

function header(line: string): readonly [string, string] {
  const [, name, value] = /^([^:\s]+)\s*:\s*(.*)$/.exec(line) ?? [];
  if (name === undefined || value === undefined) {
    throw mistake(`--header must be written 'Name: value'; it is "${line}".`);
  }
  return [name, value.trimEnd()];
}
