import { expect, test } from "vitest";
import { main } from "../../cli/main.ts";
import { VERSION } from "../../cli/version.ts";
import { WsgwError } from "../../src/errors.ts";
import { fakeIo } from "./fake-io.ts";

test("--help lists the commands without loading what they work with", async () => {
  const io = fakeIo();

  expect(await main(["--help"], io)).toBe(0);
  expect(io.out()).toBe(`Run Amazon API Gateway WebSocket APIs on your own machine.

Usage: wsgw <command>

Commands:
  wsgw init [directory]                   Write a chat that is ready to run, test and deploy
  wsgw dev                                Run the API of this project on this machine
  wsgw send [url]                         Talk to a WebSocket API, at the prompt or from a script
  wsgw invoke <function>                  Run one function once: its result, logs and duration
  wsgw event <kind>                       Print an event as API Gateway sends it to a function
  wsgw template <file>                    Render a mapping template as API Gateway does
  wsgw table <action> [table] [values..]  Show and change the tables of the running gateway
  wsgw token [claims]                     Print a JWT that the running gateway has signed
  wsgw describe                           Show routes, functions, tables and permissions of the API
  wsgw deploy                             Deploy the API of this project to AWS
  wsgw diff                               Show what a deployment would change in the stack's
                                          template
  wsgw status                             Show the stack of this project: state, outputs,
                                          parameters, tags, resources
  wsgw logs [function]                    Show the logs of the functions on AWS
  wsgw destroy                            Delete the stack of this project on AWS
  wsgw cert                               Show the certificate authority of this project and how to
                                          trust it
  wsgw doctor                             Find out why the API of this project does not run
  wsgw completion [shell]                 Print a script that completes wsgw in bash, fish or zsh

Options:
  -h, --help     Show help                                                                 [boolean]
      --color    Colours; --no-color turns them off                                        [boolean]
      --version  Show version number                                                       [boolean]

wsgw <command> --help shows the options of a command.
`);
  expect(io.err()).toBe("");
});

test.each([
  [
    "dev",
    ["--config", "--port", "--host", "--data", "--env-file", "--dynamodb-endpoint", "--json"],
  ],
  ["dev", ["--quiet", "--verbose", "--no-color", "--allow-aws"]],
  ["init", ["directory", "--name", "--language", "--no-install", "--force"]],
  ["cert", ["--config", "--path", "This installs nothing"]],
  ["send", ["--execute", "--header", "--subprotocol", "--count", "--wait", "--timeout", "--ca"]],
  ["send", ["--stack", "--region", "--profile", "--endpoint-url"]],
  ["deploy", ["--bucket", "--stack-name", "--stage", "--region", "--profile", "--parameter"]],
  ["deploy", ["--tag", "--code-only", "--yes", "--json", "--outputs-file", "--endpoint-url"]],
  ["deploy", ["--express", "--noop", "--out", "3 AWS could not do it", "130 Ctrl-C"]],
  ["diff", ["--exit-code", "--json", "5 when something differs"]],
  ["status", ["--json", "--stack-name"]],
  ["logs", ["--follow", "--since", "--filter"]],
  ["destroy", ["--retain-table", "--yes", "--bucket"]],
  ["send", ["--insecure", "Exit status: 0", "3 too few answers in time", "4 the connection ended"]],
])("%s --help describes %s", async (command, parts) => {
  const io = fakeIo();

  expect(await main([command, "--help"], io)).toBe(0);
  for (const part of parts) expect(io.out()).toContain(part);
});

test.each([[[]], [["--no-color"]]])("wsgw %j shows the help, as --help does", async (argv) => {
  const [bare, asked] = [fakeIo(), fakeIo()];

  expect(await main(argv, bare)).toBe(0);
  expect(await main(["--help"], asked)).toBe(0);
  expect({ out: bare.out(), err: bare.err() }).toEqual({ out: asked.out(), err: "" });
});

test("--version prints the version of the package", async () => {
  const io = fakeIo();

  expect(await main(["--version"], io)).toBe(0);
  expect(io.out()).toBe(`${VERSION}\n`);
  expect(VERSION).toMatch(/^\d+\.\d+\.\d+/);
});

const DEV_HELP = "Run wsgw dev --help to see its options.";
const SEND_HELP = "Run wsgw send --help to see its options.";
const HELP = "Run wsgw --help to see the commands.";

test.each([
  [
    "an option without a command",
    ["--frobnicate"],
    "Which command? There are init, dev, send, invoke, event, template, table, token, describe, deploy, diff, status, logs, destroy, cert, doctor and completion.",
    HELP,
  ],
  ["a misspelt command", ["sned"], 'The command "sned" does not exist. Did you mean send?', HELP],
  ["a command far from any", ["frobnicate"], 'The command "frobnicate" does not exist.', HELP],
  [
    "a misspelt option",
    ["dev", "--prot", "1"],
    "The option --prot does not exist. Did you mean --port?",
    DEV_HELP,
  ],
  [
    "an option of another command",
    ["send", "--json"],
    "The option --json does not exist.",
    SEND_HELP,
  ],
  ["an unknown letter", ["dev", "-z"], "The option -z does not exist.", DEV_HELP],
  ["an option without its value", ["dev", "--port"], "--port needs a value.", DEV_HELP],
  [
    "a port that is no number",
    ["dev", "--port", "abc"],
    '--port must be a number from 0 to 65535, or auto, not "abc".',
    DEV_HELP,
  ],
  [
    "a port that is too high",
    ["dev", "-p", "65536"],
    '--port must be a number from 0 to 65535, or auto, not "65536".',
    DEV_HELP,
  ],
  [
    "an option given twice",
    ["dev", "--port", "1", "--port", "2"],
    "--port is set more than once.",
    DEV_HELP,
  ],
  ["a letter without its value", ["dev", "-p"], "-p needs a value.", DEV_HELP],
  [
    "no to an option with a value",
    ["dev", "--no-port"],
    "The option --no-port does not exist.",
    DEV_HELP,
  ],
  [
    "more environments kept than there may be",
    ["dev", "--environments", "2", "--keep-environments", "3"],
    "--keep-environments 3 is more than --environments 2.",
    DEV_HELP,
  ],
  [
    "more environments kept than there are without a word about it",
    ["dev", "--keep-environments", "11"],
    "--keep-environments 11 is more than --environments 10.",
    DEV_HELP,
  ],
  [
    "a mistake behind a word that is the name of another command",
    ["table", "show", "event", "--prot"],
    "The option --prot does not exist.",
    "Run wsgw table --help to see its options.",
  ],
  ["quiet and verbose", ["dev", "-q", "-v"], "--quiet and --verbose cannot be combined.", DEV_HELP],
  ["a word too many", ["dev", "now"], '"now" is an unexpected argument.', DEV_HELP],
  ["two URLs", ["send", "ws://a", "ws://b"], '"ws://b" is an unexpected argument.', SEND_HELP],
  [
    "a header without a colon",
    ["send", "-H", "X"],
    "--header must be 'Name: value', not \"X\".",
    SEND_HELP,
  ],
  [
    "a wait that is no duration",
    ["send", "-w", "soon"],
    '--wait must be a duration such as 500, 500ms, 2s or 1m, not "soon".',
    SEND_HELP,
  ],
  [
    "a count that is no number",
    ["send", "-n", "-1"],
    '--count must be a whole number, not "-1".',
    SEND_HELP,
  ],
])("rejects %s with one message and exit code 1", async (_, argv, message, hint) => {
  const io = fakeIo();

  expect(await main(argv, io)).toBe(1);
  expect(io.err()).toBe(`✗ ${message}\n  ${hint}\n`);
  expect(io.out()).toBe("");
});

test("prints an error that the user can fix without a stack, with the hint, and exits with 1", async () => {
  const io = fakeIo({
    app: {
      startDev: async () => {
        throw new WsgwError("PORT_IN_USE", "Port 3001 is in use.\nBy whom is not known.");
      },
    },
  });

  expect(await main(["dev"], io)).toBe(1);
  expect(io.err()).toBe(
    "✗ Port 3001 is in use.\n  By whom is not known.\n  Take the next port that is free with --port auto, or choose another --port.\n",
  );
});

test("prints the stack of anything else, says that it is a bug, and exits with 2", async () => {
  const io = fakeIo({
    app: {
      startDev: async () => {
        throw new TypeError("x is not a function");
      },
    },
  });

  expect(await main(["dev"], io)).toBe(2);
  expect(io.err()).toMatch(
    /^TypeError: x is not a function\n {4}at .*main\.test\.ts[\s\S]*This is a bug in wsgw\./,
  );
});

test("colours errors when colours are asked for", async () => {
  const io = fakeIo();

  await main(["--color", "sned"], io);

  expect(io.err()).toContain("\u001b[31m✗\u001b[39m The command");
});

test("lets nothing in the words of an argument steer the terminal", async () => {
  const io = fakeIo();

  expect(await main(["a\u001b]0;title\u0007\u009b2J\u202e"], io)).toBe(1);

  expect(io.err()).toContain('"a\\x1b]0;title\\x07\\x9b2J\\u202e"');
});
