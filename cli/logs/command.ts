import { type Command, given, once, text, withOptions } from "../command.ts";
import { STACK_OPTIONS, stackPlace } from "../stack/options.ts";
import { parseDuration } from "../terminal/duration.ts";

const OPTIONS = {
  ...STACK_OPTIONS,
  follow: { alias: "f", type: "boolean", describe: "Go on with what comes, until Ctrl-C" },
  since: {
    describe: "How far back to begin: 30s, 10m, 2h or 1d [10m]",
    requiresArg: true,
    coerce: once("since", since, "a duration such as 30s, 10m, 2h or 1d"),
  },
  filter: {
    describe: "CloudWatch Logs filter pattern, such as ERROR",
    requiresArg: true,
    coerce: text("filter"),
  },
  json: { type: "boolean", describe: "Print JSON lines" },
} as const;

/** `wsgw logs`: what the functions on AWS have written. */
export const logs: Command = {
  name: "logs",
  define: (choose) => ({
    command: "logs [function]",
    describe: "Show what the functions on AWS have logged",
    builder: (parser) =>
      withOptions(
        parser.positional("function", { describe: "One function only [all of the stack]" }),
        OPTIONS,
        ["function"],
      )
        .usage("Show what the functions on AWS have logged.\n\nUsage: $0 logs [function] [options]")
        .example("$0 logs talk --follow", "watch one function")
        .example("$0 logs --since 2h --filter ERROR", "what went wrong in the last two hours"),
    handler: (args: Record<string, unknown>) => {
      choose(async (io) => {
        const { runLogs } = await import("./logs.ts");
        return runLogs(
          {
            logs: {
              ...stackPlace(args, io),
              ...given({
                functionName: args.function as string | undefined,
                sinceMs: args.since as number | undefined,
                filter: args.filter as string | undefined,
                follow: args.follow as boolean | undefined,
              }),
            },
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

const LONG_MS: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000 };

function since(value: string): number | undefined {
  const [, count, unit = ""] = /^(\d+(?:\.\d+)?)([hd])$/.exec(value) ?? [];
  return count === undefined ? parseDuration(value) : Number(count) * (LONG_MS[unit] ?? 0);
}
