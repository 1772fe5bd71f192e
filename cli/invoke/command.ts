import {
  CONFIG_OPTION,
  type Command,
  given,
  mistake,
  once,
  text,
  withOptions,
} from "../command.ts";
import { EVENT_OPTIONS, readSampleEvent } from "../event/options.ts";

const OPTIONS = {
  event: {
    alias: "e",
    describe: "File with the event as JSON; - is standard input",
    requiresArg: true,
    coerce: text("event"),
  },
  message: {
    alias: "m",
    describe: "Make the event of this message",
    requiresArg: true,
    coerce: once("message", (value) => value),
  },
  connect: { type: "boolean", describe: "Make the event of a new connection" },
  disconnect: { type: "boolean", describe: "Make the event of a connection that has ended" },
  ...EVENT_OPTIONS,
  ...CONFIG_OPTION,
  "env-file": {
    describe: "File of NAME=value lines for the handlers",
    requiresArg: true,
    coerce: text("env-file"),
  },
  data: {
    describe: "Folder that keeps the tables, when no gateway runs",
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
    describe: "Let calls that nothing here answers reach AWS, with this shell's AWS keys",
  },
  json: { type: "boolean", describe: "Print event, result, logs and durations as one JSON object" },
} as const;

/** `wsgw invoke`: one function, once. */
export const invoke: Command = {
  name: "invoke",
  missing: "Which function? Write wsgw invoke FUNCTION.",
  define: (choose) => ({
    command: "invoke <function>",
    describe: "Run one function once: its result, logs and duration",
    builder: (parser) =>
      withOptions(
        parser.positional("function", { describe: "Its name in the definition" }),
        OPTIONS,
        ["function"],
      )
        .usage(
          "Run one function once, and print its result, logs and duration.\n\nUsage: $0 invoke FUNCTION [options]",
        )
        .check((args) => {
          const ways = [
            args.event,
            args.message,
            args.connect || undefined,
            args.disconnect || undefined,
          ];
          if (ways.filter((way) => way !== undefined).length > 1) {
            throw mistake("Of --event, --message, --connect and --disconnect give one only.");
          }
          const isMade = args.message !== undefined || args.connect || args.disconnect;
          const useless = Object.keys(EVENT_OPTIONS).find((name) => args[name] !== undefined);
          if (useless !== undefined && !isMade) {
            throw mistake(`--${useless} goes with --message, --connect or --disconnect.`);
          }
          return true;
        })
        .example(`$0 invoke talk --message '{"action":"talk"}'`, "the event of a message")
        .example("$0 invoke join --connect --query room=blue", "the event of a new connection")
        .example("$0 invoke talk --event event.json", "an event from a file")
        .epilogue(
          "Standard output gets the result, standard error logs and durations.\n" +
            "Exit status: 0 it returned; 1 a mistake; 2 a bug in wsgw; 3 the function failed.",
        ),
    handler: (args: Record<string, unknown>) => {
      const body = args.message as string | undefined;
      const kind =
        body !== undefined
          ? "message"
          : args.connect
            ? "connect"
            : args.disconnect
              ? "disconnect"
              : undefined;
      const sample = kind && readSampleEvent(kind, body, args);
      choose(async (io) => {
        const { runInvoke } = await import("./run.ts");
        return runInvoke(
          {
            invocation: {
              cwd: io.cwd,
              functionName: String(args.function),
              ...given({
                event: sample,
                config: args.config as string | undefined,
                envFile: args["env-file"] as string | undefined,
                dataDir: args.data as string | undefined,
                dynamodbEndpoint: args["dynamodb-endpoint"] as string | undefined,
                allowAws: args["allow-aws"] as boolean | undefined,
              }),
            },
            eventFile: args.event as string | undefined,
            json: args.json === true,
            color: args.color as boolean | undefined,
          },
          io,
        );
      });
    },
  }),
  complete: (given, names) => (given.length === 0 ? names("functions") : []),
};
