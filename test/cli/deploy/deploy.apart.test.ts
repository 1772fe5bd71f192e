import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect, onTestFinished, test, vi } from "vitest";
import { main } from "../../../cli/main.ts";
import type { App } from "../../../cli/terminal/io.ts";
import type { DeployFact, DeployResult } from "../../../src/app.ts";
import { whyNotWritten } from "../../../src/errors/in-words.ts";
import { WsgwError } from "../../../src/errors.ts";
import { makeProject } from "../../bundle/project.ts";
import { fakeIo } from "../fake-io.ts";
import { chat, peer } from "../servers.ts";

const STACK = {
  id: "arn:aws:cloudformation:us-east-1:1:stack/chat/1",
  name: "chat",
  status: "CREATE_COMPLETE",
  reason: undefined,
  createdAt: 0,
  updatedAt: undefined,
  parameters: [],
  tags: {},
  outputs: [{ key: "WebSocketUrl", value: "wss://x/v1", description: undefined }],
};
const QUESTION = { kind: "create-bucket", bucket: "b", region: "us-east-1" } as const;

type Deploy = App["deploy"];

function appWith(work: (options: Parameters<Deploy>[0]) => Promise<DeployResult>) {
  return { deploy: work as Deploy, WsgwError, whyNotWritten };
}

test("prints each step with the time since the start, and the outputs", async () => {
  const facts: DeployFact[] = [
    { type: "account.found", account: "123456789012", arn: "arn:aws:iam::123456789012:user/ann" },
    {
      type: "stack.settled",
      stackName: "chat",
      stackId: STACK.id,
      status: STACK.status,
      createdAt: 0,
      outputs: STACK.outputs,
    },
  ];
  const io = fakeIo({
    app: appWith(async ({ report }) => {
      for (const fact of facts) report?.(fact);
      return { kind: "deployed", stack: STACK };
    }),
  });

  expect(await main(["deploy"], io)).toBe(0);
  const lines = io.out().split("\n");
  expect(lines[0]).toMatch(
    /^ +\d+\.\ds {2}✓ Account 123456789012 as arn:aws:iam::123456789012:user\/ann$/,
  );
  expect(lines).toContain("          WebSocketUrl  wss://x/v1");
});

test("--json prints each fact and the result as a line of JSON", async () => {
  const io = fakeIo({
    app: appWith(async ({ report }) => {
      report?.({ type: "step.started", step: "code" });
      return { kind: "unchanged", stack: STACK };
    }),
  });

  expect(await main(["deploy", "--json"], io)).toBe(0);
  const lines = io.out().trim().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { type: "step.started", step: "code" },
    { type: "result", kind: "unchanged", stack: { name: "chat" } },
  ]);
});

test("says in words why the outputs cannot be written, and that the stack is deployed", async () => {
  const { root } = makeProject({});
  const app = appWith(async () => ({ kind: "deployed", stack: STACK }));
  const io = fakeIo({ app, cwd: root });

  expect(await main(["deploy", "--outputs-file", "none/out.json"], io)).toBe(1);
  expect(io.err()).toContain(
    `✗ The stack is deployed, but wsgw cannot write its outputs to ${join(root, "none/out.json")}: its directory does not exist (ENOENT).\n`,
  );
});

test("writes the outputs to a file", async () => {
  const { root } = makeProject({});
  const app = appWith(async () => ({ kind: "deployed", stack: STACK }));
  const io = fakeIo({ app, cwd: root });

  expect(await main(["deploy", "--outputs-file", "out.json"], io)).toBe(0);
  expect(JSON.parse(readFileSync(join(root, "out.json"), "utf8"))).toEqual({
    WebSocketUrl: "wss://x/v1",
  });
});

test.each([
  ["failed", { kind: "failed", stackName: "chat", status: "ROLLBACK_COMPLETE" }, 3, ""],
  [
    "declined",
    { kind: "declined", question: QUESTION },
    4,
    "! This needs a yes: Create the bucket b in us-east-1 for the code?\n  Nothing was changed. Confirm it with --yes.\n",
  ],
  [
    "interrupted while CloudFormation works",
    { kind: "interrupted", stackName: "chat", running: "update" },
    130,
    "! Stopped watching. CloudFormation continues to update the stack chat.\n  To watch again: wsgw deploy\n  To cancel it: aws cloudformation cancel-update-stack --stack-name chat\n",
  ],
  [
    "interrupted before that",
    { kind: "interrupted", stackName: "chat", running: undefined },
    130,
    "! Stopped. The stack was not changed.\n  To continue: wsgw deploy\n",
  ],
  [
    "interrupted between the functions of --code-only",
    {
      kind: "interrupted",
      stackName: "chat",
      running: undefined,
      code: { updated: ["a", "b"], sent: ["c"], unchanged: ["d"] },
    },
    130,
    "! Stopped between the functions.\n  Has its new code: a, b\n  Got its new code, which Lambda is still applying: c\n  Not changed: d\n  wsgw deploy --code-only continues. wsgw deploy also updates CloudFormation.\n",
  ],
  [
    "interrupted before the first function of --code-only",
    {
      kind: "interrupted",
      stackName: "chat",
      running: undefined,
      code: { updated: [], sent: [], unchanged: ["d"] },
    },
    130,
    "! Stopped. No function was changed.\n  Not changed: d\n  wsgw deploy --code-only continues. wsgw deploy also updates CloudFormation.\n",
  ],
])("a run that is %s has an exit code of its own", async (_, result, code, err) => {
  const io = fakeIo({ app: appWith(async () => result as DeployResult) });

  expect(await main(["deploy"], io)).toBe(code);
  expect(io.err()).toBe(err);
});

test.each([
  [[], false],
  [["--yes"], true],
])("answers questions with %j without a terminal: %s", async (options, answer) => {
  const answers: boolean[] = [];
  const app = appWith(async ({ confirm }) => {
    answers.push(await confirm(QUESTION));
    return { kind: "unchanged", stack: STACK };
  });

  await main(["deploy", ...options], fakeIo({ app }));

  expect(answers).toEqual([answer]);
});

test("asks at a terminal", async () => {
  const stdin = Object.assign(Readable.from(["y\n"]), { isTTY: true });
  let answer = false;
  const app = appWith(async ({ confirm }) => {
    answer = await confirm(QUESTION);
    return { kind: "unchanged", stack: STACK };
  });
  const io = fakeIo({ app, stdin });
  Object.assign(io.stdout, { isTTY: true });

  await main(["deploy"], io);

  expect(answer).toBe(true);
  expect(io.out()).toContain("Create the bucket b in us-east-1 for the code? [y/N]");
});

test("the first Ctrl-C asks the run to end, a later one ends the process with 130", async () => {
  const clock = vi.spyOn(performance, "now").mockReturnValue(1000);
  onTestFinished(() => clock.mockRestore());
  let release = () => {};
  const io = fakeIo({ app: {} });
  const started = new Promise<void>((resolve) => {
    io.app = async () =>
      appWith(async ({ signal }) => {
        resolve();
        await new Promise<void>((done) => {
          release = done;
        });
        const running = signal?.aborted ? "create" : undefined;
        return { kind: "interrupted", stackName: "chat", running };
      }) as App;
  });
  const ended = main(["deploy"], io);
  await started;

  io.signal();
  io.signal(); // npm hands the same Ctrl-C on
  expect(io.kills).toEqual([]);
  clock.mockReturnValue(1600);
  io.signal();
  expect(io.kills).toEqual([130]);
  release();
  expect(await ended).toBe(130);
  expect(io.err()).toContain("continues to create");
});

test("passes on the command line's options", async () => {
  let seen: unknown;
  const app = appWith(async (options) => {
    seen = options;
    return { kind: "unchanged", stack: STACK };
  });
  const line =
    "deploy --stage prod --stack-name chat-x --region eu-west-1 --profile p --bucket b --code-only --express --tag a=b --tag c=d=e -P X=1 --endpoint-url http://127.0.0.1:5000/";

  await main(line.split(" "), fakeIo({ app, env: { AWS_REGION: "x" } }));

  expect(seen).toMatchObject({
    cwd: "/project",
    env: { AWS_REGION: "x" },
    stage: "prod",
    stackName: "chat-x",
    region: "eu-west-1",
    profile: "p",
    bucket: "b",
    codeOnly: true,
    express: true,
    tags: { a: "b", c: "d=e" },
    parameters: { X: "1" },
    endpointUrl: "http://127.0.0.1:5000",
  });
});

test("deploy takes parameters as sam deploy does", async () => {
  let parameters: unknown;
  const app = appWith(async (options) => {
    parameters = options.parameters;
    return { kind: "unchanged", stack: STACK };
  });

  await main(["deploy", "--parameter-overrides", "X=1", "Y=a b", "-P", "Z=3"], fakeIo({ app }));

  expect(parameters).toEqual({ X: "1", Y: "a b", Z: "3" });
});

test.each([
  [["--tag", "nope"], '--tag must be NAME=value, not "nope".'],
  [
    ["--endpoint-url", "nope"],
    '--endpoint-url must be a URL with http:// or https://, not "nope".',
  ],
  [["--out", "x"], "--out works with --noop only."],
  [["--noop", "--code-only"], "--code-only has no effect with --noop. Omit it."],
])("rejects %j", async (options, message) => {
  const io = fakeIo();

  expect(await main(["deploy", ...options], io)).toBe(1);
  expect(io.err()).toContain(message);
});

test.each([[[]], [["--json"]]])(
  "wsgw status %j names the stack that is not there, and where",
  async (options) => {
    const stackStatus: App["stackStatus"] = async ({ stackName = "" }) => ({
      kind: "missing",
      stackName,
      region: "eu-west-1",
    });
    const io = fakeIo({ app: { stackStatus } });

    expect(await main(["status", "--stack-name", "chat-prod", ...options], io)).toBe(1);
    expect(io.err()).toBe(
      "! The stack chat-prod does not exist in eu-west-1. Create it with wsgw deploy.\n",
    );
    expect(io.out()).toBe(options.length === 0 ? "" : "null\n");
  },
);

test("wsgw send --stack connects to the URL among the stack's outputs", async () => {
  const server = await peer(chat);
  const stacks: unknown[] = [];
  const io = fakeIo({
    app: {
      findRunning: async () => [],
      findStackUrl: async ({ stackName }) => {
        stacks.push(stackName);
        return server.url;
      },
    },
  });

  await main(["send", "--stack", "chat", "-x", '{"data":"hi"}', "-n", "1"], io);

  expect(stacks).toEqual(["chat"]);
  expect(io.out()).toBe(`"hi"\n`);
});

test("wsgw send --stack asks for the API and stage that are named", async () => {
  const server = await peer(chat);
  const asked: unknown[] = [];
  const io = fakeIo({
    app: {
      findRunning: async () => [],
      findStackUrl: async ({ stackName, api, stage }) => {
        asked.push([stackName, api, stage]);
        return server.url;
      },
    },
  });
  const named = ["--stack", "shop", "--api", "orders", "--stage", "live"];

  expect(await main(["send", ...named, "-x", '{"data":"hi"}', "-n", "1"], io)).toBe(0);

  expect(asked).toEqual([["shop", "orders", "live"]]);
});

test("wsgw logs says from when on nothing was logged, and leaves standard output empty", async () => {
  const io = fakeIo({ app: { readLogs: async () => {} } });

  expect(await main(["logs", "--filter", "ERROR", "--since", "1h"], io)).toBe(0);
  expect(io.err()).toMatch(
    /^Nothing that matches ERROR was logged since \d{4}-\d\d-\d\dT.*Z\. Use --since to go further back\.\n$/,
  );
  expect(io.out()).toBe("");
});

test("wsgw logs says no more than the lines when there are some", async () => {
  const line = { function: "Talk", stream: "s", at: 0, message: "hello" };
  const io = fakeIo({ app: { readLogs: async ({ onLine }) => onLine(line) } });

  expect(await main(["logs"], io)).toBe(0);
  expect(io.out()).toContain("Talk  hello");
  expect(io.err()).toBe("");
});
