import {
  CONFIG_OPTION,
  type Command,
  given,
  listed,
  once,
  oneOf,
  withOptions,
} from "../command.ts";
import { EVENT_OPTIONS, readSampleEvent } from "./options.ts";

const KINDS = ["connect", "message", "disconnect"] as const;

const OPTIONS = {
  body: {
    alias: "m",
    describe: "Text of the message",
    requiresArg: true,
    coerce: once("body", (value) => value),
  },
  ...EVENT_OPTIONS,
  ...CONFIG_OPTION,
} as const;

/** `wsgw event`: an event as API Gateway would hand it over, to pipe elsewhere. */
export const event: Command = {
  name: "event",
  missing: `Which kind? There are ${listed(KINDS)}.`,
  define: (choose) => ({
    command: "event <kind>",
    describe: "Print an event as API Gateway hands it to a function",
    builder: (parser) =>
      withOptions(
        parser.positional("kind", { describe: "connect, message or disconnect" }),
        OPTIONS,
        ["kind"],
      )
        .usage(
          "Print an event as API Gateway hands it to a function.\n\nUsage: $0 event connect|message|disconnect [options]",
        )
        .example("$0 event connect --query room=blue", "what $connect gets")
        .example(`$0 event message --body '{"action":"join"}'`, "what the selected route gets")
        .example("$0 event disconnect > event.json", "keep one for wsgw invoke --event"),
    handler: (args: Record<string, unknown>) => {
      const kind = oneOf(KINDS, String(args.kind), `event "${args.kind}"`);
      const sample = readSampleEvent(kind, args.body as string | undefined, args);
      choose(async (io) => {
        const { buildSampleEvent } = await io.app();
        const config = args.config as string | undefined;
        const made = await buildSampleEvent({ cwd: io.cwd, ...given({ config }), ...sample });
        io.stdout.write(`${JSON.stringify(made, undefined, 2)}\n`);
        return 0;
      });
    },
  }),
  complete: (given) => (given.length === 0 ? KINDS : []),
};
