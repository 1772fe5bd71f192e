import type { SampleEvent } from "../../src/app.ts";
import { given } from "../../src/values/given.ts";
import { type Args, mistake, once, repeatable, text, wholeNumber } from "../command.ts";

/** The options for an event; `invoke` and `event` share them. */
export const EVENT_OPTIONS = {
  api: {
    describe: "API that the event is for, by its name in the project [the first]",
    requiresArg: true,
    coerce: text("api"),
  },
  stage: {
    describe: "Stage of the API [the first]",
    requiresArg: true,
    coerce: text("stage"),
  },
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
  as: {
    describe: "Use this identity of the definition as the client",
    requiresArg: true,
    coerce: text("as"),
  },
  code: {
    describe: "Status code of the disconnection [1000]",
    requiresArg: true,
    coerce: once("code", wholeNumber(1000, 4999), "a number from 1000 to 4999"),
  },
  reason: { describe: "Reason of the disconnection", requiresArg: true, coerce: text("reason") },
} as const;

export const EVENT_OPTION_NAMES = Object.keys(EVENT_OPTIONS) as (keyof typeof EVENT_OPTIONS)[];

/** Options that apply only to some kinds of events. */
const OF_KINDS: Readonly<Record<string, readonly SampleEvent["kind"][]>> = {
  body: ["message"],
  route: ["message"],
  query: ["connect", "authorizer"],
  as: ["connect", "message", "disconnect"],
  code: ["disconnect"],
  reason: ["disconnect"],
};

type EventArgs = Omit<Args<typeof EVENT_OPTIONS, never>, "color">;

/** Validates those options. Rejects one that does not apply to the event. */
export function readSampleEvent(
  kind: SampleEvent["kind"],
  body: string | undefined,
  args: EventArgs,
): SampleEvent {
  const values: Readonly<Record<string, unknown>> = { ...args, body };
  for (const [name, owners] of Object.entries(OF_KINDS)) {
    if (values[name] !== undefined && !owners.includes(kind)) {
      throw mistake(`--${name} works with the event ${owners.join(" or ")}, not with ${kind}.`);
    }
  }
  const { code, reason } = args;
  return {
    kind,
    ...given({
      api: args.api,
      stage: args.stage,
      body,
      routeKey: args.route,
      connectionId: args["connection-id"],
      headers: args.header,
      query: args.query?.replace(/^\?/, ""),
      sourceIp: args["source-ip"],
      as: args.as,
    }),
    ...((code ?? reason) !== undefined && { close: { code: code ?? 1000, reason: reason ?? "" } }),
  };
}

function header(line: string): readonly [string, string] {
  const [, name, value] = /^([^:\s]+)\s*:\s*(.*)$/.exec(line) ?? [];
  if (name === undefined || value === undefined) {
    throw mistake(`--header must be 'Name: value', not "${line}".`);
  }
  return [name, value.trimEnd()];
}
