import { given } from "../../src/values/given.ts";
import { command, once, text } from "../command.ts";
import { STACK_OPTIONS, stackPlace } from "../stack/options.ts";
import { parseDuration } from "../terminal/duration.ts";

const OPTIONS = {
  ...STACK_OPTIONS,
  follow: { alias: "f", type: "boolean", describe: "Keep printing new lines, until Ctrl-C" },
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

/** `wsgw logs`: prints the logs of the functions on AWS. */
export const logs = command({
  name: "logs",
  describe: "Show the logs of the functions on AWS",
  usage: "[function] [options]",
  words: "[function]",
  positionals: { function: "One function only [all of the stack]" },
  options: OPTIONS,
  examples: [
    ["$0 logs talk --follow", "watch one function"],
    ["$0 logs --since 2h --filter ERROR", "what went wrong in the last two hours"],
  ],
  read: (args) => async (io) => {
    const { runLogs } = await import("./logs.ts");
    const { function: functionName, since: sinceMs, filter, follow, json, color } = args;
    const logs = {
      ...stackPlace(args, io),
      ...given({ functionName, sinceMs, filter, follow }),
    };
    return runLogs({ logs, json: json === true, color }, io);
  },
  complete: (given, names) => (given.length === 0 ? names("functions") : []),
});

const LONG_MS: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000 };

function since(value: string): number | undefined {
  const [, count, unit = ""] = /^(\d+(?:\.\d+)?)([hd])$/.exec(value) ?? [];
  return count === undefined ? parseDuration(value) : Number(count) * (LONG_MS[unit] ?? 0);
}
