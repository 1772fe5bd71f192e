import { given } from "../../src/values/given.ts";
import {
  type Args,
  command,
  mistake,
  once,
  PERMISSIONS_OPTION,
  PROJECT_OPTIONS,
  projectSource,
  text,
} from "../command.ts";
import { EVENT_OPTION_NAMES, EVENT_OPTIONS, readSampleEvent } from "../event/options.ts";

const OPTIONS = {
  event: {
    alias: "e",
    describe: "File with the event as JSON; - is standard input",
    requiresArg: true,
    coerce: text("event"),
  },
  message: {
    alias: "m",
    describe: "Create the event of this message",
    requiresArg: true,
    coerce: once("message", (value) => value),
  },
  connect: { type: "boolean", describe: "Create the event of a new connection" },
  disconnect: { type: "boolean", describe: "Create the event of a connection that has ended" },
  ...EVENT_OPTIONS,
  api: {
    ...EVENT_OPTIONS.api,
    describe: "API that the event is for [the first with a route to the function]",
  },
  ...PROJECT_OPTIONS,
  "env-file": {
    describe: "File of NAME=value lines for the handlers",
    requiresArg: true,
    coerce: text("env-file"),
  },
  data: {
    describe: "Directory for the tables, when no gateway runs",
    requiresArg: true,
    coerce: text("data"),
  },
  "dynamodb-endpoint": {
    describe: "DynamoDB to use [that of the running gateway, else a built-in one]",
    requiresArg: true,
    coerce: text("dynamodb-endpoint"),
  },
  "allow-aws": {
    type: "boolean",
    describe: "Send AWS calls that wsgw does not answer to AWS, with this shell's AWS keys",
  },
  ...PERMISSIONS_OPTION,
  json: { type: "boolean", describe: "Print event, result, logs and durations as one JSON object" },
} as const;

/** `wsgw invoke`: runs one function once. */
export const invoke = command({
  name: "invoke",
  missing: "Which function? Write wsgw invoke FUNCTION.",
  describe: "Run one function once: its result, logs and duration",
  about: "Run one function once, and print its result, logs and duration.",
  usage: "FUNCTION [options]",
  words: "<function>",
  positionals: { function: "Its name in the definition or on AWS, or its ARN" },
  options: OPTIONS,
  check(args) {
    const { event, message, connect = false, disconnect = false } = args;
    const ways = [event !== undefined, message !== undefined, connect, disconnect];
    if (ways.filter((isGiven) => isGiven).length > 1) {
      throw mistake(
        "--event, --message, --connect and --disconnect cannot be combined. Pass one of them.",
      );
    }
    const isMade = message !== undefined || connect || disconnect;
    const useless = EVENT_OPTION_NAMES.find((name) => args[name] !== undefined);
    if (useless !== undefined && !isMade) {
      throw mistake(`--${useless} works with --message, --connect or --disconnect only.`);
    }
  },
  examples: [
    [`$0 invoke talk --message '{"action":"talk"}'`, "the event of a message"],
    ["$0 invoke join --connect --query room=blue", "the event of a new connection"],
    ["$0 invoke talk --event event.json", "an event from a file"],
  ],
  epilogue:
    "Standard output gets the result, standard error logs and durations.\n" +
    "Exit status: 0 it returned; 1 a mistake; 2 a bug in wsgw; 3 the function failed.",
  read(args) {
    const kind = kindIn(args);
    const event = kind && readSampleEvent(kind, args.message, args);
    return async (io) => {
      const { runInvoke } = await import("./run.ts");
      return runInvoke(
        {
          invocation: {
            ...projectSource(args, io),
            functionName: String(args.function),
            ...given({
              event,
              envFile: args["env-file"],
              dataDir: args.data,
              dynamodbEndpoint: args["dynamodb-endpoint"],
              allowAws: args["allow-aws"],
              permissions: args.permissions,
            }),
          },
          eventFile: args.event,
          json: args.json === true,
          color: args.color,
        },
        io,
      );
    };
  },
  complete: (given, names) => (given.length === 0 ? names("functions") : []),
});

/** The kind of event to build, if any. */
function kindIn({ message, connect, disconnect }: Args<typeof OPTIONS, never>) {
  if (message !== undefined) return "message";
  if (connect) return "connect";
  return disconnect ? "disconnect" : undefined;
}
