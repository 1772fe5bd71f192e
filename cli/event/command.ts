import { command, listed, once, oneOf, PROJECT_OPTIONS, projectSource } from "../command.ts";
import { coloursFor } from "../terminal/colours.ts";
import { print, printFitted } from "../terminal/output.ts";
import { EVENT_OPTIONS, readSampleEvent } from "./options.ts";

const KINDS = ["connect", "message", "disconnect", "authorizer"] as const;

const OPTIONS = {
  body: {
    alias: "m",
    describe: "Body of the message",
    requiresArg: true,
    coerce: once("body", (value) => value),
  },
  ...EVENT_OPTIONS,
  ...PROJECT_OPTIONS,
} as const;

/** `wsgw event`: prints an event as API Gateway would send it, for piping. */
export const event = command({
  name: "event",
  missing: `Which kind? There are ${listed(KINDS)}.`,
  describe: "Print an event as API Gateway sends it to a function",
  usage: "connect|message|disconnect|authorizer [options]",
  words: "<kind>",
  positionals: { kind: "connect, message, disconnect or authorizer" },
  options: OPTIONS,
  examples: [
    ["$0 event connect --query room=blue", "what $connect gets"],
    ["$0 event connect --as ann", "what it gets for the identity ann"],
    ["$0 event authorizer --query token=t", "what a Lambda authorizer gets"],
    [`$0 event message --body '{"action":"join"}'`, "what the selected route gets"],
    ["$0 event disconnect > event.json", "save one for wsgw invoke --event"],
  ],
  read({ body, ...args }) {
    const kind = oneOf(KINDS, String(args.kind), `event "${args.kind}"`);
    const sample = readSampleEvent(kind, body, args);
    return async (io) => {
      const { buildSampleEvent } = await io.app();
      const made = await buildSampleEvent({ ...projectSource(args, io), ...sample });
      const [first, ...others] = made.apis;
      if (args.api === undefined && others.length > 0) {
        const line = `The event is for the API ${first}. Choose another with --api NAME: ${others.join(", ")}.`;
        printFitted(io.stderr, coloursFor(io.stderr, io, args.color).dim(line));
      }
      print(io.stdout, JSON.stringify(made.event, undefined, 2));
      return 0;
    };
  },
  complete: (given) => (given.length === 0 ? KINDS : []),
});
