import { given } from "../../src/values/given.ts";
import { command, mistake, once, repeatable, STATE_OPTION, text, wholeNumber } from "../command.ts";
import { STACK_OPTIONS, stackPlace } from "../stack/options.ts";
import { parseDuration } from "../terminal/duration.ts";
import { readQuery } from "./query-parameters.ts";

const DURATION = "a duration such as 500, 500ms, 2s or 1m";

const OPTIONS = {
  execute: {
    alias: "x",
    describe: "Send this message, print the answers and exit; repeatable",
    requiresArg: true,
    coerce: repeatable,
  },
  file: {
    alias: "f",
    describe: "Run the lines of this file as if typed, and exit; - is standard input",
    requiresArg: true,
    coerce: text("file"),
  },
  expect: {
    alias: "e",
    describe: "A string, a /pattern/ or a part of JSON that must come; repeatable, in order",
    requiresArg: true,
    coerce: repeatable,
  },
  select: {
    alias: "q",
    describe: "Show this part of JSON messages only (JMESPath)",
    requiresArg: true,
    coerce: text("select"),
  },
  pretty: { type: "boolean", describe: "Indent JSON that is long [at the prompt]" },
  times: {
    type: "boolean",
    alias: "T",
    describe: "Show the time of messages, and the time since the last send",
  },
  header: {
    alias: "H",
    describe: "Header of the handshake, 'Name: value'; repeatable",
    requiresArg: true,
    coerce: (value: unknown) => headers(repeatable(value)),
  },
  query: {
    describe: "Query parameter of the handshake, 'name=value'; repeatable",
    requiresArg: true,
    coerce: (value: unknown) => readQuery(repeatable(value)),
  },
  origin: {
    alias: "o",
    describe: "Origin header of the handshake, as browsers send it",
    requiresArg: true,
    coerce: text("origin"),
  },
  as: {
    describe: "Connect as this identity of the definition; wsgw does not call the authorizer",
    requiresArg: true,
    coerce: text("as"),
  },
  sign: {
    type: "boolean",
    describe:
      "Sign the handshake for AWS_IAM: with keys of the gateway or of --as; for other servers with your own AWS keys",
  },
  "print-url": {
    type: "boolean",
    describe: "With --sign: print a presigned URL, valid for five minutes, and exit",
  },
  "api-key": {
    describe: "API key: a name in apiKeys of the definition, or a value; the header x-api-key",
    requiresArg: true,
    coerce: text("api-key"),
  },
  auth: {
    describe: "user:password for HTTP's Basic authentication",
    requiresArg: true,
    coerce: text("auth"),
  },
  cookie: {
    alias: "b",
    describe: "Cookie of the handshake, 'name=value'; repeatable",
    requiresArg: true,
    coerce: repeatable,
  },
  subprotocol: {
    alias: "s",
    describe: "Subprotocol to offer; repeatable",
    requiresArg: true,
    coerce: repeatable,
  },
  count: {
    alias: "n",
    describe: "Answers to wait for [1, or those of --expect]; with it, exit as soon as they came",
    requiresArg: true,
    coerce: once("count", wholeNumber(0, 1_000_000), "a whole number"),
  },
  wait: {
    alias: "w",
    describe: "Exit once no further answer came for this long [1s; 0 with --count or --expect]",
    requiresArg: true,
    coerce: once("wait", parseDuration, DURATION),
  },
  timeout: {
    alias: "t",
    describe: "Exit at the latest this long after the last message [10s]",
    requiresArg: true,
    coerce: once("timeout", parseDuration, DURATION),
  },
  ca: {
    describe: "PEM file of the authority to trust; this project's own is always trusted",
    requiresArg: true,
    coerce: once("ca", (file) => (file === "" ? undefined : file), "a file"),
  },
  cert: {
    describe: "PEM file of the client certificate; with --key",
    requiresArg: true,
    coerce: text("cert"),
  },
  key: {
    describe: "PEM file of the certificate's private key",
    requiresArg: true,
    coerce: text("key"),
  },
  passphrase: {
    describe: "Passphrase of the private key",
    requiresArg: true,
    coerce: text("passphrase"),
  },
  proxy: {
    describe: "HTTP proxy [HTTPS_PROXY and similar]; --no-proxy for none",
    coerce: (value: unknown) => (value === false ? false : text("proxy")(value)),
  },
  reconnect: {
    alias: "r",
    type: "boolean",
    describe: "At the prompt and in files: reconnect when the connection is lost",
  },
  insecure: { type: "boolean", alias: "k", describe: "Accept any certificate" },
  api: {
    describe: "API of the project or of the --stack, by its name [the only one]",
    requiresArg: true,
    coerce: text("api"),
  },
  stage: {
    describe: "Stage of that API [the first]",
    requiresArg: true,
    coerce: text("stage"),
  },
  stack: {
    describe: "Connect to the API of this CloudFormation stack",
    requiresArg: true,
    coerce: text("stack"),
  },
  region: STACK_OPTIONS.region,
  profile: STACK_OPTIONS.profile,
  "endpoint-url": STACK_OPTIONS["endpoint-url"],
  ...STATE_OPTION,
} as const;

/** `wsgw send`: a WebSocket client at the prompt and for scripts. */
export const send = command({
  name: "send",
  describe: "Talk to a WebSocket API, at the prompt or from a script",
  usage: "[url]",
  words: "[url]",
  positionals: { url: "URL to connect to. Default: the running gateway of this project" },
  options: OPTIONS,
  check(args) {
    if ((args.cert === undefined) !== (args.key === undefined)) {
      throw mistake("--cert and --key must be set together.");
    }
    if (args.file !== undefined && (args.execute ?? args.expect) !== undefined) {
      throw mistake(
        "--file cannot be combined with messages. Write messages and /expect in the file.",
      );
    }
    if (args["print-url"] === true && args.sign !== true) {
      throw mistake("--print-url needs --sign.");
    }
    const hasAuthorization = Object.keys(args.header ?? {}).some((name) =>
      /^authorization$/i.test(name),
    );
    if (args.sign === true && (args.auth !== undefined || hasAuthorization)) {
      throw mistake("--sign creates the Authorization header. Omit --auth and -H Authorization.");
    }
    if (args.url !== undefined && args.stack !== undefined) {
      throw mistake("A URL and --stack cannot be combined.");
    }
    if ((args.api ?? args.stage) !== undefined && args.url !== undefined) {
      throw mistake(
        "--api and --stage work with this project's gateway or a stack. Omit them when you pass a URL.",
      );
    }
  },
  examples: [
    ["$0 send", "a prompt at the gateway of this project"],
    [`$0 send -x '{"action":"list"}' --count 1`, "print one answer and exit"],
    [`$0 send -x '{"action":"hi"}' --expect '{"ok":true}'`, "check an answer in a script"],
    ["$0 send --query room=blue -H 'x-user: ann'", "what $connect finds in its event"],
    ["$0 send --file steps.txt", "run the lines of a file"],
    ["$0 send --sign --print-url", "a URL that is signed for $connect with AWS_IAM"],
    ["$0 send wss://…/v1 < messages.txt", "send each line as one message"],
  ],
  epilogue:
    "Exit status: 0 the answers came; 1 could not connect, or a wrong option; 2 a bug in wsgw;\n" +
    "3 too few answers in time; 4 the connection ended before the answers came;\n" +
    "5 what --expect or /expect asked for did not come; 130 Ctrl-C.",
  read: (args) => async (io) => {
    const { runSend } = await import("./run.ts");
    const { stack: stackName } = args;
    return runSend(
      {
        ...args,
        stack:
          stackName === undefined
            ? undefined
            : { ...stackPlace(args, io), ...given({ api: args.api }), stackName },
        api: args.api,
        stage: args.stage,
        stateDir: args["state-dir"],
        messages: args.execute ?? [],
        scriptFile: args.file,
        headers: args.header ?? {},
        query: args.query ?? [],
        as: args.as,
        sign: args.sign === true,
        printUrl: args["print-url"] === true,
        apiKey: args["api-key"],
        cookies: args.cookie ?? [],
        subprotocols: args.subprotocol ?? [],
        expected: args.expect ?? [],
        times: args.times === true,
        waitMs: args.wait,
        timeoutMs: args.timeout,
        caFile: args.ca,
        certFile: args.cert,
        keyFile: args.key,
        reconnect: args.reconnect === true,
        insecure: args.insecure === true,
      },
      io,
    );
  },
});

type Headers = Readonly<Record<string, readonly string[]>>;

function headers(lines: readonly string[]): Headers {
  const found: Record<string, string[]> = {};
  for (const line of lines) {
    const [, name, value] = /^([^:\s]+)\s*:\s*(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) {
      throw mistake(`--header must be 'Name: value', not "${line}".`);
    }
    found[name] = [...(found[name] ?? []), value.trimEnd()];
  }
  return found;
}
