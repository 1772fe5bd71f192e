import { type Command, given, mistake, once, wholeNumber, withOptions } from "../command.ts";

const text = (name: string) => once(name, (value) => (value === "" ? undefined : value), "given");

const INSPECT_PORT = 9229;

/** A bare `--inspect` has Node's own port. */
const inspectPort = (value: string) =>
  value === "" ? INSPECT_PORT : wholeNumber(0, 65_535)(value);

const OPTIONS = {
  config: {
    alias: "c",
    describe: "File with the API definition [wsgw.config.ts, .js, .mjs or .json]",
    requiresArg: true,
    coerce: text("config"),
  },
  port: {
    alias: "p",
    describe: "Port to listen on; 0 takes any that is free [3001]",
    requiresArg: true,
    coerce: once("port", wholeNumber(0, 65_535), "a number from 0 to 65535"),
  },
  host: {
    describe: "Address to listen on [127.0.0.1]",
    requiresArg: true,
    coerce: text("host"),
  },
  data: {
    describe: "Folder that keeps the tables; without it they live in memory",
    requiresArg: true,
    coerce: text("data"),
  },
  "env-file": {
    describe: "File of NAME=value lines for the handlers",
    requiresArg: true,
    coerce: text("env-file"),
  },
  "dynamodb-endpoint": {
    describe: "DynamoDB to use in place of the built-in one",
    requiresArg: true,
    coerce: text("dynamodb-endpoint"),
  },
  "allow-aws": {
    type: "boolean",
    describe: "Let calls that nothing here answers reach AWS, with this shell's AWS keys",
  },
  environments: {
    describe: "Execution environments of a function at most [10]",
    requiresArg: true,
    coerce: once("environments", wholeNumber(1, 1000), "a number from 1 to 1000"),
  },
  "keep-environments": {
    describe: "Those that start as soon as events overlap, and stay [2]",
    requiresArg: true,
    coerce: once("keep-environments", wholeNumber(1, 1000), "a number from 1 to 1000"),
  },
  "growth-delay": {
    describe: "ms that an event waits before one more is started [30]",
    requiresArg: true,
    coerce: once("growth-delay", wholeNumber(0, 60_000), "a number from 0 to 60000"),
  },
  inspect: {
    type: "string",
    describe: "Let debuggers attach to the functions at this port, the next, and so on [9229]",
    coerce: once("inspect", inspectPort, "a port from 0 to 65535"),
  },
  json: { type: "boolean", describe: "Print facts as JSON lines" },
  quiet: { type: "boolean", alias: "q", describe: "Print warnings and errors only" },
  verbose: { type: "boolean", alias: "v", describe: "Print events, results and frames whole" },
} as const;

/** How many execution environments a function gets; undefined when nothing is said about that. */
function environmentsIn(args: Record<string, unknown>) {
  const most = args.environments as number | undefined;
  const keep = args["keep-environments"] as number | undefined;
  const growthDelayMs = args["growth-delay"] as number | undefined;
  const settings = given({ maxEnvironments: most, keep, growthDelayMs });
  return Object.keys(settings).length === 0 ? undefined : settings;
}

/** `wsgw dev`: the local gateway. */
export const dev: Command = {
  name: "dev",
  define: (choose) => ({
    command: "dev",
    describe: "Run the API of this project on this machine",
    builder: (parser) =>
      withOptions(parser, OPTIONS)
        .usage("Run the API of this project on this machine.\n\nUsage: $0 dev [options]")
        .check(({ quiet, verbose }) => {
          if (quiet && verbose) throw mistake("--quiet and --verbose exclude each other.");
          return true;
        })
        .example("$0 dev", "serve wsgw.config.ts on port 3001")
        .example("$0 dev --inspect", "stop at breakpoints in handlers; see docs/debugging.md")
        .example("$0 dev --port 0 --json", "any free port, for a script to read")
        .epilogue("Ctrl-C closes the connections, lets handlers finish and stops."),
    handler: (args: Record<string, unknown>) => {
      const { json, quiet, verbose } = args;
      choose(async (io) => {
        const { runDev } = await import("../dev.ts");
        const detail = quiet ? "quiet" : verbose ? "verbose" : "normal";
        return runDev(
          {
            start: {
              cwd: io.cwd,
              ...given({
                config: args.config as string | undefined,
                port: args.port as number | undefined,
                host: args.host as string | undefined,
                dataDir: args.data as string | undefined,
                envFile: args["env-file"] as string | undefined,
                dynamodbEndpoint: args["dynamodb-endpoint"] as string | undefined,
                inspectPort: args.inspect as number | undefined,
                allowAws: args["allow-aws"] as boolean | undefined,
                environments: environmentsIn(args),
              }),
            },
            output: json ? (quiet ? "json-quiet" : "json") : detail,
            color: args.color as boolean | undefined,
          },
          io,
        );
      });
    },
  }),
};
