import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createChildProcesses } from "../../../../src/emulator/lambda/child-process/child-process.ts";
import { FRAME } from "../../../../src/emulator/lambda/child-process/protocol.ts";
import type { FunctionSpec, Report } from "../../../../src/emulator/lambda/environment-contract.ts";
import { nodeFlags } from "../../../../src/emulator/lambda/rules/node-flags.ts";
import { temporaryDirectory } from "../../../temporary-directory.ts";
import { plainSpec } from "../plain-spec.ts";

/** A program that sends what it receives, and after an event each kind of frame. */
const PROGRAM = `
  const fs = require("node:fs");
  const read = (size) => {
    const bytes = Buffer.alloc(size);
    for (let at = 0; at < size; ) {
      const count = fs.readSync(3, bytes, at, size - at, null);
      if (count === 0) process.exit(9);
      at += count;
    }
    return bytes;
  };
  const receive = () => {
    const [kind, ...body] = read(read(4).readUInt32LE());
    return [kind, Buffer.from(body).toString()];
  };
  const send = (kind, text) => {
    const body = Buffer.from(text);
    const head = Buffer.alloc(5);
    head.writeUInt32LE(body.length + 1);
    head[4] = kind;
    fs.writeSync(3, Buffer.concat([head, body]));
  };
  const frame = ${JSON.stringify(FRAME)};
  const tell = (what) => send(frame.stdout, "\\n" + JSON.stringify(what));
  tell([process.execArgv, process.cwd(), process.env.TABLE, Object.keys(process.env).length]);
  for (;;) {
    const [kind, body] = receive();
    tell([kind, kind === frame.start ? JSON.parse(body) : body]);
    if (kind !== frame.event) continue;
    if (body.endsWith("exit")) {
      fs.writeSync(1, "native\\nno end");
      fs.writeSync(2, "native error\\n");
      process.exit(7);
    }
    send(frame.initialized, "1.5");
    send(frame.stdout, "id\\nwith\\nlines");
    send(frame.stderr, "id\\nerror");
    send(frame.took, "2.5");
    send(frame.memory, "300\\n200");
    send(frame.stopped, '{"service":"sqs"}');
    send(frame.unfinished, 'id\\n[{"kind":"timer"}]');
    send(frame.skipped, "3");
    send(frame.failed, '{"errorType":"A"}');
    send(frame.broken, '{"errorType":"B"}');
    send(frame.returned, '"ü"');
  }
`;

/** A process of this program, and what is reported of it. */
function start(more: Partial<FunctionSpec> = {}) {
  const directory = temporaryDirectory();
  const program = join(directory, "program.cjs");
  writeFileSync(program, PROGRAM);
  const spec = {
    ...plainSpec("/app.js"),
    environment: { TABLE: "chat" },
    root: directory,
    ...more,
  };
  const reports: Report[] = [];
  let note = () => {};
  const environment = createChildProcesses(program).start(spec, (report) => {
    reports.push(report);
    note();
  });
  onTestFinished(() => environment.stop());
  /** Resolves with the first reports when there are as many. */
  const heard = (count: number) =>
    new Promise<readonly Report[]>((resolve) => {
      note = () => {
        if (reports.length >= count) resolve(reports.slice(0, count));
      };
      note();
    });
  return { environment, heard, reports, spec };
}

const logged = (text: string, stream = "stdout", awsRequestId?: string) => ({
  kind: "logged",
  ...{ awsRequestId, stream, text },
});
const loggedJson = (what: unknown) => logged(JSON.stringify(what));

const EVENT = { awsRequestId: "id", trace: "Root=1", event: "{}" };

test("a process receives its function and events, and everything it sends is reported", async () => {
  const { environment, heard, spec } = start();
  environment.run(EVENT);

  expect(await heard(14)).toEqual([
    // its own directory for temporary files is the second variable
    loggedJson([nodeFlags(128, undefined), spec.root, "chat", 2]),
    loggedJson([
      FRAME.start,
      {
        handler: "probe.handler",
        code: JSON.parse(JSON.stringify(spec.code)),
        layers: [],
        arn: "arn",
        timeoutMs: 3000,
        isPrewarmed: false,
        isDebugged: false,
        logStream: "",
      },
    ]),
    loggedJson([FRAME.event, "id\n\nRoot=1\n{}"]),
    { kind: "initialized", initMs: 1.5 },
    logged("with\nlines", "stdout", "id"),
    logged("error", "stderr", "id"),
    { kind: "took", ms: 2.5 },
    { kind: "memory", maxKb: 300, bareKb: 200 },
    { kind: "stopped", call: { service: "sqs" } },
    { kind: "unfinished", awsRequestId: "id", work: [{ kind: "timer" }] },
    { kind: "skipped", number: 3 },
    { kind: "failed", error: { errorType: "A" }, leaving: false },
    { kind: "failed", error: { errorType: "B" }, leaving: true },
    { kind: "returned", payload: '"ü"', bytes: 4 },
  ]);
});

test("a process knows whether it may be debugged, is prewarmed, and where its calls lead", async () => {
  const network = {
    ...{ region: "us-east-1", apis: [], standIns: [], allowAws: false },
    address: { host: "127.0.0.1", port: 9 },
  };
  const { heard } = start({
    ...{ debugPort: 0, isPrewarmed: true, network, memory: 512 },
    environment: { TABLE: "chat", AWS_LAMBDA_LOG_STREAM_NAME: "stream", TMPDIR: "/tmp" },
  });

  const lines = (await heard(4)).filter((each) => each.kind === "logged" && each.text !== "");
  const [started, order] = lines.flatMap((each) =>
    each.kind === "logged" && each.stream === "stdout" ? [JSON.parse(each.text)] : [],
  );

  expect(started).toEqual([
    [...nodeFlags(512, undefined), "--inspect=127.0.0.1:0"],
    expect.any(String),
    "chat",
    3,
  ]);
  expect(order).toMatchObject([
    FRAME.start,
    { isDebugged: true, isPrewarmed: true, network, logStream: "stream" },
  ]);
});

test("events in advance are numbered, and taken back up to the last that was given", async () => {
  const { environment, heard, reports } = start();
  const { prefetch } = environment;

  expect(prefetch?.give({ ...EVENT, qualifier: "live" })).toBe(1);
  expect(prefetch?.give(EVENT)).toBe(2);
  expect((await heard(4)).slice(2)).toEqual([
    loggedJson([FRAME.prefetch, "1\nid\nlive\nRoot=1\n{}"]),
    loggedJson([FRAME.prefetch, "2\nid\n\nRoot=1\n{}"]),
  ]);

  expect(prefetch?.takeBack()).toBe(0);
  expect(reports).toHaveLength(4);
});

test("the end of a process is reported last, after all output, and stop is over by then", async () => {
  const { environment, heard, reports } = start();
  await heard(2);

  environment.run({ ...EVENT, event: "exit" });
  const ended = { kind: "ended", end: { kind: "exited", code: 7 } };
  await expect.poll(() => reports.at(-1)).toEqual(ended);

  expect(reports.slice(2, -1)).toHaveLength(4);
  expect(reports).toEqual(
    expect.arrayContaining([logged("native"), logged("no end"), logged("native error", "stderr")]),
  );
  await environment.stop();
  expect(reports.at(-1)).toEqual(ended);
});

test("stop ends a process at once", async () => {
  const { environment, heard, reports } = start();
  await heard(2);

  await environment.stop();

  const end = { kind: "signalled", signal: "SIGKILL" };
  expect(reports.slice(2)).toEqual([{ kind: "ended", end }]);
});
