import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createChildProcesses } from "../../../../src/emulator/lambda/child-process/child-process.ts";
import {
  createFrameReader,
  encodeFrame,
  FRAME,
} from "../../../../src/emulator/lambda/child-process/protocol.ts";
import type { FunctionSpec } from "../../../../src/emulator/lambda/environment-contract.ts";
import { makeProject } from "../../../bundle/project.ts";
import { describeLambdaEndings } from "../../../contracts/lambda-endings.ts";
import { describeLambdaRuntime } from "../../../contracts/lambda-runtime.ts";
import {
  buildLambdaChild,
  observed,
  type RunFunction,
  runFunction,
  specOf,
} from "../../../contracts/lambda-setup.ts";
import { isAlive } from "../../../is-alive.ts";
import { temporaryDirectory } from "../../../temporary-directory.ts";

const program = fileURLToPath(new URL("../../../../dist/lambda-child.cjs", import.meta.url));

beforeAll(buildLambdaChild);

describeLambdaRuntime(() => observed(createChildProcesses()), false);
describe("a function that ends early", { tags: ["journey"] }, () => {
  describeLambdaEndings(() => observed(createChildProcesses()), false);
});

function start(handler: string, more: Partial<RunFunction> = {}) {
  return runFunction(observed(createChildProcesses()), { handler, ...more });
}

test("running out of memory fails the event, and the next one gets a fresh environment", {
  tags: ["journey"],
}, async () => {
  const { invoke, facts } = await start("crashes.memory", {
    memory: 128,
    timeout: 60,
    realTime: true,
  });

  const outcome = await invoke("hello");

  expect(outcome).toMatchObject({
    errorType: "Runtime.ExitError",
    errorMessage: expect.stringMatching(
      /Error: Runtime exited with error: signal: (aborted|trace)/,
    ),
  });
  const lines = facts("function.logged");
  expect(lines.some(({ text }) => text.includes("heap out of memory"))).toBe(true);
  expect(lines.every(({ connectionId }) => connectionId === "connection")).toBe(true);
});

test("code that turns out not to be JavaScript is a syntax error that shows the place", async () => {
  const { invoke } = await start("asks-for-syntax-error.handler");

  const outcome = (await invoke("hello")) as unknown as { errorType: string; trace: string[] };

  expect(outcome.errorType).toBe("Runtime.UserCodeSyntaxError");
  expect(outcome.trace.join("\n")).toMatch(/syntax-error\.js:2\n/);
});

test("an ES module is loaded as one", async () => {
  const { invoke } = await start("module.handler");

  expect(await invoke("hello")).toEqual({ kind: "returned", payload: "true" });
});

test("reports output written past the console with its event", async () => {
  const { invoke, journal } = await start("prints.natively");
  const line = new Promise((resolve) => {
    journal.subscribe((entry) => {
      if (entry.type === "function.logged" && entry.text === "native") resolve(entry);
    });
  });

  await invoke("hello");

  expect(await line).toMatchObject({
    stream: "stdout",
    requestId: "request",
    connectionId: "connection",
  });
});

test.each([
  ["CommonJS", "app.js", "const { marshall } = require('@aws-sdk/util-dynamodb'); exports.handler"],
  [
    "an ES module",
    "app.mjs",
    "import { marshall } from '@aws-sdk/util-dynamodb'; export const handler",
  ],
  [
    "TypeScript",
    "app.ts",
    "import { marshall } from '@aws-sdk/util-dynamodb'; export const handler",
  ],
])(
  "%s that brings no AWS SDK runs with wsgw's own",
  { tags: ["journey"] },
  async (_, file, text) => {
    const { root } = makeProject({ [file]: `${text} = async () => marshall({ id: "a" });` });
    const { invoke } = await start("app.handler", { root });

    expect(await invoke("hello")).toEqual({ kind: "returned", payload: '{"id":{"S":"a"}}' });
  },
);

test.each([
  ["CommonJS", "app.js", "require('@aws-sdk/client-sqs')"],
  ["an ES module", "app.mjs", "import '@aws-sdk/client-sqs'"],
])(
  "a client that only Lambda includes is an import error with advice in %s",
  { tags: ["journey"] },
  async (_, file, text) => {
    const { root } = makeProject({ [file]: text });
    const { invoke, logged } = await start("app.handler", { root });

    const outcome = await invoke("hello");

    expect(outcome).toMatchObject({ errorMessage: expect.stringContaining("@aws-sdk/client-sqs") });
    expect(logged()).toEqual([
      ["stderr", expect.stringContaining("npm install --save-dev @aws-sdk/client-sqs")],
    ]);
  },
);

test("stop leaves no process", async () => {
  const { invoke, lambda } = await start("hangs.pid");
  const { payload } = (await invoke("hello")) as unknown as { payload: string };

  await lambda.stop();

  expect(() => process.kill(Number(payload), 0)).toThrow("ESRCH");
});

test.skipIf(process.platform === "win32")(
  "the programs that a function has started go with its environment",
  async () => {
    const { root } = makeProject({
      "app.js": `exports.handler = async () => require("child_process").spawn("sleep", ["600"]).pid;`,
    });
    const { invoke, lambda } = await start("app.handler", { root });
    const { payload } = (await invoke("hello")) as unknown as { payload: string };
    expect(process.kill(Number(payload), 0)).toBe(true);

    await lambda.stop();

    await expect.poll(() => isAlive(Number(payload))).toBe(false);
  },
);

test("reports an unfinished line when the process exits", async () => {
  const { root } = makeProject({
    "app.js": `exports.handler = async () => {
      process.stdout.write("without an end");
      process.exit(1);
    };`,
  });
  const { invoke, facts } = await start("app.handler", { root });

  await invoke("hello");

  expect(facts("function.logged")).toMatchObject([{ text: "without an end", stream: "stdout" }]);
});

test("reports output in order, by line or by call", async () => {
  const { root } = makeProject({
    "app.js": `exports.handler = async () => {
      const isTaken = process.stdout.write("68690a", "hex");
      await new Promise((done) => process.stdout.write("a\\n", done));
      await new Promise((done) => process.stderr.write("b\\n", "utf8", done));
      process.stdout.write("begun");
      for (const print of ["log", "info", "debug", "trace"]) console[print]("%s", print);
      for (const print of ["warn", "error"]) console[print](print);
      return [isTaken, Object.keys(process).includes("stdout")];
    };`,
  });
  const { invoke, logged } = await start("app.handler", { root });

  expect(await invoke("hello")).toEqual({ kind: "returned", payload: "[true,true]" });

  expect(logged()).toEqual([
    ["stdout", "hi"],
    ["stdout", "a"],
    ["stderr", "b"],
    ...["begun", "log", "info", "debug", "trace"].map((text) => ["stdout", text]),
    ["stderr", "warn"],
    ["stderr", "error"],
  ]);
});

test.skipIf(process.platform === "win32")(
  "a program that holds the line to the gateway goes with the process that started it",
  async () => {
    const { root } = makeProject({
      "app.js": `exports.handler = async () => {
        require("child_process").spawn("sleep", ["600"], { stdio: ["ignore", "ignore", "ignore", 3] });
        process.exit(1);
      };`,
    });
    const { invoke } = await start("app.handler", { root });

    expect(await invoke("hello")).toMatchObject({ errorType: "Runtime.ExitError" });
  },
);

test("the load of the code is measured for the first event only", async () => {
  const { invoke, facts } = await start("ordinary.handler");

  await invoke("hello");
  await invoke("hello");

  const [first, second] = facts("function.ended");
  expect(first!.initMs).toBeGreaterThan(0);
  expect(second!.initMs).toBeUndefined();
});

test("reports a directory that does not exist", async () => {
  const spec = await specOf({ handler: "ordinary.handler" });
  const reports: unknown[] = [];

  await new Promise<void>((resolve) => {
    const environment = createChildProcesses().start({ ...spec, root: "/nowhere" }, (report) => {
      reports.push(report);
      if (report.kind === "ended") resolve();
    });
    onTestFinished(() => environment.stop());
  });

  const reason = `/nowhere, the directory to start ${process.execPath} in, does not exist`;
  expect(reports).toMatchObject([{ kind: "ended", end: { kind: "never-started", reason } }]);
});

test("a child whose gateway is gone ends while it waits for an event", async () => {
  const { child, channel } = await startAlone(await specOf({ handler: "ordinary.handler" }));

  channel.destroy();

  expect(await once(child, "exit")).toEqual([null, "SIGKILL"]);
});

test("a child whose gateway is killed ends in the middle of an event", {
  tags: ["journey"],
}, async () => {
  const gateway = spawn(process.execPath, ["--input-type=module", "-e", GATEWAY], {
    env: { PROGRAM: program, ORDER: orderFor(await specOf({ handler: "hangs.tell" })) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(gateway.stdout, "data");

  gateway.kill("SIGKILL");

  // The child has inherited this pipe, which closes when nobody holds it any more.
  await once(gateway, "close");
});

test("a child is not ended by Ctrl-C, which may reach it too", async () => {
  const { child, send, next } = await startAlone(await specOf({ handler: "ordinary.handler" }));
  send("1");
  expect(await next(FRAME.returned)).toContain("1");

  child.kill("SIGINT");
  send("2");

  expect(await next(FRAME.returned)).toContain("2");
});

test("code that changes while it is loaded fails, and says why", async () => {
  const { root } = makeProject({
    "app.js": `require("fs").appendFileSync(__filename, "//"); exports.handler = async () => {};`,
  });
  const { code, ...spec } = await specOf({ handler: "app.handler", root });
  const files = [join(root, "app.js")];
  const { send, next } = await startAlone({ ...spec, code: { ...code, files } });

  send("1");

  expect(JSON.parse(await next(FRAME.broken))).toMatchObject({
    errorType: "Error",
    errorMessage: "The code changed while it was loaded.",
  });
});

test.skipIf(process.platform === "win32")(
  "a child whose channel does not block waits for its event all the same",
  async () => {
    const { send, next } = await startAlone(
      await specOf({ handler: "ordinary.handler" }),
      await nonBlockingPair(),
    );
    send("1");
    expect(await next(FRAME.returned)).toContain("1");
    const long = "x".repeat(2 ** 20); // more than a socket takes at once

    send(long);

    expect(await next(FRAME.returned)).toContain(long);
  },
);

/** A gateway that hands one event to a child, says so and does nothing more. */
const GATEWAY = String.raw`
  import { spawn } from "node:child_process";
  const child = spawn(process.execPath, [process.env.PROGRAM], { stdio: ["ignore", "inherit", "inherit", "pipe"] });
  const send = (kind, body) => {
    const frame = Buffer.from("     " + body);
    frame.writeUInt32LE(frame.length - 4);
    frame[4] = kind;
    child.stdio[3].write(frame);
  };
  child.stdio[3].on("data", (chunk) => { if (/\d$/.test(chunk)) console.log("running"); });
  send(${FRAME.start}, process.env.ORDER);
  send(${FRAME.event}, 'id\n\ntrace\n{"body":""}');
`;

function orderFor({ handler, code, arn }: FunctionSpec): string {
  return JSON.stringify({ handler, code, arn, timeoutMs: 3000 });
}

/** Both ends of a channel that blocks in neither. */
async function nonBlockingPair(): Promise<readonly [own: Socket, childs: Socket]> {
  const server = createServer({ pauseOnConnect: true });
  const path = join(temporaryDirectory(), "channel");
  await once(server.listen(path), "listening");
  const own = connect(path);
  const [childs] = await once(server, "connection");
  server.close();
  return [own, childs];
}

/** A child without the gateway's side, so that a test can be the gateway. */
async function startAlone(spec: FunctionSpec, pair?: readonly [own: Socket, childs: Socket]) {
  const child = spawn(process.execPath, [program], {
    stdio: ["ignore", "pipe", "pipe", pair?.[1] ?? "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  pair?.[1].destroy();
  const channel = pair?.[0] ?? (child.stdio[3] as Duplex);
  const frames = new EventEmitter();
  channel.on("error", () => {});
  channel.on(
    "data",
    createFrameReader((kind, body) => void frames.emit(String(kind), body)),
  );
  channel.write(encodeFrame(FRAME.start, orderFor(spec)));
  return {
    child,
    channel,
    send: (body: string) =>
      channel.write(encodeFrame(FRAME.event, `id\n\ntrace\n${JSON.stringify({ body })}`)),
    next: async (kind: number): Promise<string> => (await once(frames, String(kind)))[0],
  };
}
