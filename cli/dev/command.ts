import type { IdentityDefinition } from "../../src/app.ts";
import { given } from "../../src/values/given.ts";
import { isObject, parseJson } from "../../src/values/json.ts";
import {
  type Args,
  command,
  mistake,
  once,
  PERMISSIONS_OPTION,
  PROJECT_OPTIONS,
  port,
  projectSource,
  repeatable,
  text,
  wholeNumber,
} from "../command.ts";

import { legend } from "../log/legend.ts";

const INSPECT_PORT = 9229;

/** The default of `--environments`. */
const MOST = 10;

/** A bare `--inspect` uses Node's default port. */
const inspectPort = (value: string) =>
  value === "" ? INSPECT_PORT : wholeNumber(0, 65_535)(value);

const OPTIONS = {
  ...PROJECT_OPTIONS,
  port: {
    alias: "p",
    describe: "Port to listen on; auto: this or the next free port, 0: any free port [3001]",
    requiresArg: true,
    coerce: port,
  },
  host: {
    describe: "Address to listen on [127.0.0.1]",
    requiresArg: true,
    coerce: text("host"),
  },
  "public-host": {
    describe: "Name or address of this machine for phones, containers and others; auto finds it",
    requiresArg: true,
    coerce: text("public-host"),
  },
  data: {
    describe: "Directory for the tables. Default: in memory",
    requiresArg: true,
    coerce: text("data"),
  },
  "env-file": {
    describe: "File of NAME=value lines for the handlers",
    requiresArg: true,
    coerce: text("env-file"),
  },
  "dynamodb-endpoint": {
    describe: "DynamoDB to use instead of the built-in one",
    requiresArg: true,
    coerce: text("dynamodb-endpoint"),
  },
  region: {
    describe: "Region of the emulated API. Default: the definition's, AWS_REGION, us-east-1",
    requiresArg: true,
    coerce: text("region"),
  },
  "dynamodb-port": {
    describe: "Port of the built-in DynamoDB on 127.0.0.1. Default: any free port",
    requiresArg: true,
    coerce: once("dynamodb-port", wholeNumber(0, 65_535), "a number from 0 to 65535"),
  },
  "allow-aws": {
    type: "boolean",
    describe: "Send AWS calls that wsgw does not answer to AWS, with this shell's AWS keys",
  },
  authorizer: {
    describe: "Identity of every client, as JSON; wsgw does not call authorizers",
    requiresArg: true,
    coerce: once("authorizer", identity, 'JSON such as {"principalId":"ann","context":{}}'),
  },
  cognito: {
    describe: "Sign the tokens of this Cognito user pool, and serve its key set to the functions",
    requiresArg: true,
    coerce: text("cognito"),
  },
  ...PERMISSIONS_OPTION,
  strict: {
    type: "boolean",
    describe: "Exit with 1 instead of a warning when a function does not build or is missing",
  },
  environments: {
    describe: "Maximum of execution environments per function [10]",
    requiresArg: true,
    coerce: once("environments", wholeNumber(1, 1000), "a number from 1 to 1000"),
  },
  "keep-environments": {
    describe: "Environments that start as soon as events overlap, and stay [2]",
    requiresArg: true,
    coerce: once("keep-environments", wholeNumber(1, 1000), "a number from 1 to 1000"),
  },
  "growth-delay": {
    describe: "ms that an event waits before another environment starts [30]",
    requiresArg: true,
    coerce: once("growth-delay", wholeNumber(0, 60_000), "a number from 0 to 60000"),
  },
  "url-env": {
    describe: "Another variable of COMMAND for the ws URL, such as VITE_WS_URL; repeatable",
    requiresArg: true,
    coerce: variableNames,
  },
  inspect: {
    type: "string",
    describe: "Let debuggers attach to the functions at this port, the next, and so on [9229]",
    coerce: once("inspect", inspectPort, "a port from 0 to 65535"),
  },
  "access-log": {
    type: "string",
    describe: "Print the access logs of all stages, or write them to this file",
    coerce: once("access-log", (file: string) => file, "a file"),
  },
  "execution-log": {
    type: "string",
    describe: "Print the execution logs of all stages, or write them to this file",
    coerce: once("execution-log", (file: string) => file, "a file"),
  },
  metrics: {
    type: "boolean",
    describe: "Count requests as CloudWatch does, for Prometheus: GET /_wsgw/metrics",
  },
  json: { type: "boolean", describe: "Print facts as JSON lines" },
  quiet: { type: "boolean", alias: "q", describe: "Print warnings and errors only" },
  verbose: { type: "boolean", alias: "v", describe: "Print whole events, results and frames" },
} as const;

/** The gateway validates its fields. */
function identity(json: string): IdentityDefinition | undefined {
  const value = parseJson(json)?.value;
  return isObject(value) ? value : undefined;
}

function variableNames(value: unknown): readonly string[] {
  const names = repeatable(value);
  const wrong = names.find((name) => !/^[A-Za-z_][A-Za-z\d_]*$/.test(name));
  if (wrong === undefined) return names;
  throw mistake(`--url-env must be the name of a variable, not "${wrong}".`);
}

type DevArgs = Args<typeof OPTIONS, never>;

/** The command after `--`, which runs with the gateway. */
function commandIn(args: object): readonly string[] | undefined {
  const words: unknown = Reflect.get(args, "--");
  return Array.isArray(words) ? words.map(String) : undefined;
}

/** Number of execution environments per function; undefined if not given. */
function environmentsIn(args: DevArgs) {
  const settings = given({
    maxEnvironments: args.environments,
    keep: args["keep-environments"],
    growthDelayMs: args["growth-delay"],
  });
  return Object.keys(settings).length === 0 ? undefined : settings;
}

/** `wsgw dev`: the local gateway. */
export const dev = command({
  name: "dev",
  describe: "Run the API of this project on this machine",
  about: "Run the API of this project on this machine, and the front end COMMAND.",
  usage: "[options] [-- COMMAND …]",
  options: OPTIONS,
  takesCommand: true,
  check(args) {
    const { environments = MOST, "keep-environments": keep = 0 } = args;
    if (keep > environments) {
      throw mistake(`--keep-environments ${keep} is more than --environments ${environments}.`);
    }
    if (args["dynamodb-port"] !== undefined && args["dynamodb-endpoint"] !== undefined) {
      throw mistake("--dynamodb-port and --dynamodb-endpoint cannot be combined.");
    }
    if (args.quiet && args.verbose) throw mistake("--quiet and --verbose cannot be combined.");
    const words = commandIn(args);
    if (words?.[0] === "") throw mistake("Which command? Write one after --.");
    if (args["url-env"] !== undefined && words === undefined) {
      throw mistake("--url-env needs a command. Write it after --, as in -- npm run web.");
    }
  },
  examples: [
    ["$0 dev", "serve wsgw.config.ts or template.yaml on port 3001"],
    ["$0 dev --inspect", "stop at breakpoints in handlers; see docs/debugging.md"],
    ["$0 dev --port 0 --json", "any free port, for a script to read"],
    ["$0 dev --url-env VITE_WS_URL -- npm run web", "with your front end"],
    ["$0 dev --public-host auto", "for phones in this network"],
  ],
  legend: legend(),
  epilogue: "Ctrl-C closes the connections, lets handlers finish and stops.",
  read: (args) => async (io) => {
    const { runDev } = await import("./dev.ts");
    const { json, quiet, verbose } = args;
    const detail = quiet ? "quiet" : verbose ? "verbose" : "normal";
    return runDev(
      {
        start: {
          ...projectSource(args, io),
          ...given({
            port: args.port,
            host: args.host,
            publicHost: args["public-host"],
            dataDir: args.data,
            envFile: args["env-file"],
            dynamodbEndpoint: args["dynamodb-endpoint"],
            dynamodbPort: args["dynamodb-port"],
            inspectPort: args.inspect,
            region: args.region,
            allowAws: args["allow-aws"],
            permissions: args.permissions,
            strict: args.strict,
            mockedIdentity: args.authorizer,
            userPool: args.cognito,
            environments: environmentsIn(args),
            metrics: args.metrics,
            logsRequests: args["access-log"] === undefined ? undefined : true,
            accessLogFile: args["access-log"] || undefined,
            logsExecution: args["execution-log"] === undefined ? undefined : true,
            executionLogFile: args["execution-log"] || undefined,
          }),
        },
        ...given({ command: commandIn(args) }),
        showsAccessLog: args["access-log"] === "",
        showsExecutionLog: args["execution-log"] === "",
        urlEnv: args["url-env"] ?? [],
        output: json ? (quiet ? "json-quiet" : "json") : detail,
        color: args.color,
      },
      io,
    );
  },
});
