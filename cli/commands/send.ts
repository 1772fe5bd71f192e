import { type Command, mistake, once, repeatable, wholeNumber, withOptions } from "../command.ts";
import { parseDuration } from "../duration.ts";
import { STACK_OPTIONS, stackPlace, text } from "../stack-options.ts";

const DURATION = "a duration such as 500, 500ms, 2s or 1m";

const OPTIONS = {
  execute: {
    alias: "x",
    describe: "Send this message, print the answers and leave; repeatable",
    requiresArg: true,
    coerce: repeatable,
  },
  header: {
    alias: "H",
    describe: "Header of the handshake, 'Name: value'; repeatable",
    requiresArg: true,
    coerce: (value: unknown) => headers(repeatable(value)),
  },
  subprotocol: {
    alias: "s",
    describe: "Sub-protocol to offer; repeatable",
    requiresArg: true,
    coerce: repeatable,
  },
  count: {
    alias: "n",
    describe: "Answers to wait for [1]; with it, leave as soon as they are there",
    requiresArg: true,
    coerce: once("count", wholeNumber(0, 1_000_000), "a whole number"),
  },
  wait: {
    alias: "w",
    describe: "Leave once no further answer came for this long [1s; 0 with --count]",
    requiresArg: true,
    coerce: once("wait", parseDuration, DURATION),
  },
  timeout: {
    alias: "t",
    describe: "Leave at the latest this long after the last message [10s]",
    requiresArg: true,
    coerce: once("timeout", parseDuration, DURATION),
  },
  ca: {
    describe: "PEM file of the authority to trust; that of this project is trusted anyway",
    requiresArg: true,
    coerce: once("ca", (file) => (file === "" ? undefined : file), "a file"),
  },
  insecure: { type: "boolean", alias: "k", describe: "Accept any certificate" },
  stack: {
    describe: "Connect to the API of this CloudFormation stack",
    requiresArg: true,
    coerce: text("stack"),
  },
  region: STACK_OPTIONS.region,
  profile: STACK_OPTIONS.profile,
  "endpoint-url": STACK_OPTIONS["endpoint-url"],
} as const;

/** `wsgw send`: a WebSocket client at the prompt and for scripts. */
export const send: Command = {
  name: "send",
  define: (choose) => ({
    command: "send [url]",
    describe: "Talk to a WebSocket API, at the prompt or from a script",
    builder: (parser) =>
      withOptions(
        parser.positional("url", {
          describe: "Where to connect; without it the gateway that runs in this project",
        }),
        OPTIONS,
        ["url"],
      )
        .usage("Talk to a WebSocket API, at the prompt or from a script.\n\nUsage: $0 send [url]")
        .check(({ url, stack }) => {
          if (url !== undefined && stack !== undefined) {
            throw mistake("A URL and --stack exclude each other.");
          }
          return true;
        })
        .example("$0 send", "a prompt at the gateway of this project")
        .example(`$0 send -x '{"action":"list"}' --count 2`, "print two answers and leave")
        .example("$0 send wss://…/v1 < messages.txt", "send each line as one message")
        .epilogue(
          "Exit status: 0 the answers came; 1 could not connect, or a wrong option; 2 a bug in wsgw;\n" +
            "3 too few answers in time; 4 the connection ended before the answers came.",
        ),
    handler: (args: Record<string, unknown>) => {
      choose(async (io) => {
        const { runSend } = await import("../send.ts");
        return runSend(
          {
            url: args.url as string | undefined,
            stack:
              args.stack === undefined
                ? undefined
                : { ...stackPlace(args, io), stackName: args.stack as string },
            messages: (args.execute as readonly string[] | undefined) ?? [],
            headers: (args.header as Headers | undefined) ?? {},
            subprotocols: (args.subprotocol as readonly string[] | undefined) ?? [],
            count: args.count as number | undefined,
            waitMs: args.wait as number | undefined,
            timeoutMs: args.timeout as number | undefined,
            caFile: args.ca as string | undefined,
            insecure: args.insecure === true,
            color: args.color as boolean | undefined,
          },
          io,
        );
      });
    },
  }),
};

type Headers = Readonly<Record<string, readonly string[]>>;

function headers(lines: readonly string[]): Headers {
  const found: Record<string, string[]> = {};
  for (const line of lines) {
    const [, name, value] = /^([^:\s]+)\s*:\s*(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) {
      throw mistake(`--header must be written 'Name: value'; it is "${line}".`);
    }
    found[name] = [...(found[name] ?? []), value.trimEnd()];
  }
  return found;
}
