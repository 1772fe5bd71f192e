import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, test } from "vitest";
import { COMMANDS } from "../../../cli/main.ts";
import { buildTemplate } from "../../../scripts/build-template.mjs";
import { buildCli } from "../build.ts";
import { examplesOf } from "../examples-of.ts";

const DEFINITION = {
  name: "chat",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "v1" },
  functions: { join: { handler: "handlers.join" }, talk: { handler: "handlers.talk" } },
  routes: {
    $connect: { function: "join" },
    $default: { function: "talk", routeResponse: true },
  },
  tables: { rooms: { partitionKey: { name: "room", type: "S" }, environmentVariable: "ROOMS" } },
  connectionTable: { environmentVariable: "CONNECTIONS", attribute: "connectionId" },
  identities: { ann: { principalId: "ann" } },
};
const TEMPLATE = {
  Transform: "AWS::Serverless-2016-10-31",
  Resources: {
    Api: {
      Type: "AWS::Serverless::WebSocketApi",
      Properties: {
        RouteSelectionExpression: "$request.body.action",
        Routes: { $default: { FunctionArn: { "Fn::GetAtt": ["Talk", "Arn"] } } },
      },
    },
    Talk: {
      Type: "AWS::Serverless::Function",
      Properties: { CodeUri: ".", Handler: "handlers.talk", Runtime: "nodejs22.x" },
    },
  },
};
const HANDLERS = `exports.join = async () => ({ statusCode: 200 });
exports.talk = async () => ({ statusCode: 200, body: '{"ok":true}' });
`;

const AWS_NOWHERE = "--endpoint-url http://127.0.0.1:9 --region us-east-1";
const PORT = "3001 may be taken on the machine that runs the tests";

/** How an example is run that cannot run as it stands, and why. */
const OTHERWISE: Readonly<Record<string, Otherwise>> = {
  "wsgw dev": { why: PORT, add: "--port 0", until: /WebSocket/ },
  "wsgw dev --inspect": { why: PORT, add: "--port 0", until: /WebSocket/, replace: [/$/, "=0"] },
  "wsgw dev --url-env VITE_WS_URL -- npm run web": {
    why: PORT,
    replace: [/ --url-env/, " --port 0 --url-env"],
  },
  "wsgw dev --public-host auto": { why: PORT, add: "--port 0", until: /WebSocket/ },
  "wsgw dev --port 0 --json": { why: "it runs until it is stopped", until: /"ready"/ },
  'curl --cacert "$(wsgw cert --path)" https://localhost:3001/': {
    why: PORT,
    replace: [/3001/, "$PORT"],
  },
  "wsgw send wss://…/v1 < messages.txt": {
    why: "the URL is the reader's own",
    replace: [/wss:\/\/…\/v1/, "wss://localhost:$PORT/v1"],
  },
  "wsgw init chat": { why: "no package registry is asked in tests", add: "--no-install" },
  "wsgw init --language javascript --no-install": {
    why: "it wants a folder of its own",
    replace: [/^/, "mkdir empty && cd empty && "],
  },
  "wsgw init --config-only": {
    why: "it wants a folder of its own",
    replace: [/^/, "mkdir bare && cd bare && "],
  },
  "wsgw init --from template.yaml": {
    why: "it wants a folder of its own",
    replace: [/^/, "mkdir moved && cp template.yaml handlers.js moved && cd moved && "],
  },
  "wsgw doctor": { why: PORT, add: "--port 0" },
  ...needingAws([
    "wsgw deploy --stage prod --yes",
    "wsgw destroy",
    "wsgw destroy --stage prod --yes --retain-table",
    "wsgw diff",
    "wsgw diff --stage prod --exit-code",
    "wsgw logs talk --follow",
    "wsgw logs --since 2h --filter ERROR",
    "wsgw status",
    "wsgw status --stage prod --json",
  ]),
};

type Otherwise = {
  readonly why: string;
  readonly add?: string;
  readonly replace?: readonly [RegExp, string];
  /** It is stopped by a signal once its output matches. */
  readonly until?: RegExp;
  readonly fails?: RegExp;
};

function needingAws(lines: readonly string[]): Readonly<Record<string, Otherwise>> {
  const how = {
    why: "needs AWS; it gets as far as an address where nobody answers",
    add: AWS_NOWHERE,
    fails: /^✗ \w+ \(\S+\) is unreachable: nothing listens on that port/m,
  };
  return Object.fromEntries(lines.map((line) => [line, how]));
}

const EXAMPLES = COMMANDS.flatMap((command) =>
  examplesOf(command).map((line) => [command.name, line] as const),
);

let cli: string;
let root: string;
let gateway: ReturnType<typeof start>;
let port: number;

beforeAll(async () => {
  buildTemplate();
  cli = await buildCli();
  root = await mkdtemp(join(tmpdir(), "wsgw-examples-"));
  const files = {
    "wsgw.config.json": JSON.stringify(DEFINITION),
    "handlers.js": HANDLERS,
    "package.json": '{"scripts":{"web":"echo $VITE_WS_URL"}}',
    "event.json": '{"body":"hi"}',
    "steps.txt": '{"action":"hi"}\n/expect {"ok":true}\n',
    "messages.txt": '{"action":"hi"}\n',
    "seed.json": '[{"room":"blue"}]',
    "template.yaml": JSON.stringify(TEMPLATE),
    "put.vtl": "$input.json('$.room') $context.authorizer.principalId",
    "join.vtl": "$input.params('room')",
    wsgw: `#!/bin/sh\nexec "${process.execPath}" "${cli}" "$@"\n`,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(root, name), text);
  await chmod(join(root, "wsgw"), 0o755);
  gateway = start("exec wsgw dev --port 0 --json --cognito eu-west-1_AbCdEf123");
  port = (JSON.parse(await gateway.shows(/"ready"/)) as { port: number }).port;
  await start("wsgw table import rooms seed.json").ended;
}, 60_000);

afterAll(async () => {
  gateway?.child.kill("SIGTERM");
  await gateway?.ended;
  await rm(root, { recursive: true, force: true });
});

test.each(COMMANDS.map((command) => [command.name, command] as const))(
  "%s --help has examples",
  (_, command) => {
    expect(examplesOf(command)).not.toEqual([]);
  },
);

test("no example is listed that there is not", () => {
  const lines = EXAMPLES.map(([, line]) => line);

  expect(Object.keys(OTHERWISE).filter((line) => !lines.includes(line))).toEqual([]);
});

/** They share the gateway, its tables and the files of the project. */
const ONE_BY_ONE = ["dev", "event", "invoke", "send", "table"];
const isAlone = ([name]: readonly [string, string]) => ONE_BY_ONE.includes(name);

for (const [tests, examples] of [
  [test.skipIf(process.platform === "win32"), EXAMPLES.filter(isAlone)],
  [test.skipIf(process.platform === "win32").concurrent, EXAMPLES.filter((each) => !isAlone(each))],
] as const) {
  tests.for(examples)("%s: %s runs", async ([, line], { expect, onTestFinished }) => {
    const { add = "", replace, until, fails } = OTHERWISE[line] ?? {};
    const changed = replace === undefined ? line : line.replace(...replace);
    const running = start(`${until === undefined ? "" : "exec "}${changed} ${add}`);
    onTestFinished(async () => {
      running.child.kill("SIGKILL");
      await running.ended;
    });
    if (until !== undefined) {
      await running.shows(until);
      running.child.kill("SIGTERM");
    }

    const { exitCode, out, err } = await running.ended;

    if (fails === undefined) expect(exitCode, `${line}\n${out}\n${err}`).toBe(0);
    else expect([exitCode, err]).toEqual([1, expect.stringMatching(fails)]);
  });
}

type Ran = { readonly exitCode: number | null; readonly out: string; readonly err: string };

function start(line: string): {
  readonly child: ChildProcess;
  readonly ended: Promise<Ran>;
  /** The first line of standard output that matches. */
  shows(pattern: RegExp): Promise<string>;
} {
  const child = spawn("bash", ["-c", line], {
    cwd: root,
    env: {
      HOME: root,
      PATH: `${root}${delimiter}${process.env.PATH}`,
      PORT: `${port}`,
      SHELL: "/bin/bash",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  child.stdout.on("data", (data) => (out += data));
  child.stderr.on("data", (data) => (err += data));
  const ended = new Promise<Ran>((resolve) => {
    child.once("close", (exitCode) => resolve({ exitCode, out, err }));
  });
  return {
    child,
    ended,
    shows: (pattern) =>
      new Promise((resolve, reject) => {
        createInterface({ input: child.stdout }).on("line", (each) => {
          if (pattern.test(each)) resolve(each);
        });
        ended.then((ran) => reject(new Error(`${line} ended: ${ran.out}${ran.err}`)));
      }),
  };
}
