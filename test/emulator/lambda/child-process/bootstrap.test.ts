import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { createChildProcesses } from "../../../../src/emulator/lambda/child-process/child-process.ts";
import type {
  EnvironmentEvent,
  FunctionSpec,
  Report,
} from "../../../../src/emulator/lambda/environment-contract.ts";
import { buildLambdaChild } from "../../../contracts/lambda-setup.ts";
import { temporaryDirectory } from "../../../temporary-directory.ts";
import { plainSpec } from "../plain-spec.ts";

beforeAll(buildLambdaChild);

const EVENT = { awsRequestId: "id", trace: "Root=1", event: "{}" };

/** A process for code that needs no bundler, and what it reports. */
function start(text: string, more: Partial<FunctionSpec> = {}, files: readonly string[] = []) {
  const directory = temporaryDirectory();
  const file = join(directory, "app.js");
  writeFileSync(file, text);
  const reports: Report[] = [];
  let note = () => {};
  const { code, ...plain } = plainSpec(file);
  const spec = {
    ...{ ...plain, code: { ...code, files }, handler: "app.handler", root: directory },
    ...more,
  };
  const environment = createChildProcesses().start(spec, (report) => {
    if (report.kind !== "memory") reports.push(report);
    note();
  });
  onTestFinished(() => environment.stop());
  /** Resolves with all reports when the last is of this kind. */
  const until = (kind: Report["kind"]) =>
    new Promise<readonly Report[]>((resolve) => {
      note = () => {
        if (reports.at(-1)?.kind === kind) resolve(reports);
      };
      note();
    });
  return { run: (event: EnvironmentEvent = EVENT) => environment.run(event), until, reports };
}

test.each([
  ["throws", 'throw new RangeError("late")', "Uncaught Exception", "RangeError", "late", 129],
  [
    "rejects",
    'void Promise.reject(new RangeError("late"))',
    "Unhandled Promise Rejection",
    "Runtime.UnhandledPromiseRejection",
    "RangeError: late",
    128,
  ],
])(
  "code that %s after its answer ends its process, and its log says why",
  async (_, statement, what, errorType, errorMessage, code) => {
    const { run, until } = start(
      `exports.handler = async () => { setImmediate(() => { ${statement}; }); };`,
    );

    run();

    const reports = await until("ended");
    const [logged] = reports.filter((report) => report.kind === "logged");
    expect(logged).toMatchObject({ awsRequestId: "id", stream: "stderr" });
    const [said, error] = (logged?.kind === "logged" ? logged.text : "").split("\t");
    expect(said).toBe(what);
    expect(JSON.parse(error!)).toMatchObject({ errorType, errorMessage });
    expect(reports.map(({ kind }) => kind)).toEqual([
      ...["initialized", "took", "returned", "logged", "ended"],
    ]);
    expect(reports.at(-1)).toEqual({ kind: "ended", end: { kind: "exited", code } });
  },
);

test.each([
  ["fails while it is loaded", 'throw new Error("no table");', {}, "Error"],
  ["does not export the handler", "exports.other = 1;", {}, "Runtime.HandlerNotFound"],
  [
    "is handed another handler without a file",
    "exports.handler = async () => 1;",
    { environment: { _HANDLER: "other.handler", LAMBDA_TASK_ROOT: "/nowhere" } },
    "Runtime.ImportModuleError",
  ],
])("code that %s ends its process, and its event fails", async (_, text, more, errorType) => {
  const { run, until } = start(text, more);

  run();

  expect(await until("ended")).toEqual([
    { kind: "failed", leaving: true, error: expect.objectContaining({ errorType }) },
    { kind: "ended", end: { kind: "exited", code: 129 } },
  ]);
});

const NETWORK = {
  region: "us-east-1",
  apis: [],
  address: { host: "127.0.0.1", port: 9 },
  standIns: [],
  allowAws: false,
};

test("an event finds its alias, its trace, its time and its globals, and its blocked call is reported", async () => {
  const { run, until, reports } = start(
    `exports.handler = async (event, context) => {
      const socket = require("net").connect(21, "sqs.us-east-1.amazonaws.com");
      const message = await new Promise((resolve) => socket.once("error", (error) => resolve(error.code)));
      return [
        event, context.awsRequestId, context.invokedFunctionArn, process.env._X_AMZN_TRACE_ID,
        context.getRemainingTimeInMillis() > 0 && context.getRemainingTimeInMillis() <= 60_000,
        typeof awslambda.streamifyResponse, message,
      ];
    };`,
    {
      network: NETWORK,
      timeout: 60,
      environment: { AWS_LAMBDA_FUNCTION_NAME: "ask" },
    },
    ["/nowhere/removed.js"], // a file that is gone is no failure of the code that is loaded
  );

  run({ ...EVENT, qualifier: "live", event: "[1]" });
  await until("returned");

  const [initialized, stopped, took, returned] = reports;
  expect(initialized).toEqual({ kind: "initialized", initMs: expect.any(Number) });
  expect(initialized?.kind === "initialized" && String(initialized.initMs)).toMatch(
    /^\d{1,4}(\.\d)?$/,
  );
  expect(stopped).toEqual({
    kind: "stopped",
    call: {
      ...{ service: "sqs", operation: "connection to port 21", functionName: "ask" },
      host: "sqs.us-east-1.amazonaws.com",
    },
  });
  expect(took?.kind === "took" && String(took.ms)).toMatch(/^\d{1,4}(\.\d{1,3})?$/);
  expect(returned?.kind === "returned" && JSON.parse(returned.payload)).toEqual([
    ...[[1], "id", "arn:live", "Root=1", true, "function", "ECONNREFUSED"],
  ]);
});

test("a trace names nothing of the environment's own program", async () => {
  const { run, until, reports } = start(
    'exports.handler = async () => { await null; throw new Error("boom"); };',
    { environment: { AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA: "1" } },
  );

  run();
  await until("failed");

  const failed = reports.at(-1);
  const trace = failed?.kind === "failed" ? failed.error.trace : [];
  expect(trace[0]).toBe("Error: boom");
  expect(trace[1]).toContain("app.js:1:");
  expect(trace.join()).not.toContain("lambda-child");
  expect(failed).toMatchObject({ leaving: false });
});

test("a process that may be debugged runs its events one by one, and its time stands still", async () => {
  const { run, until, reports } = start(
    `let count = 0;
    exports.handler = async (event, context) => {
      const until = performance.now() + 5;
      while (performance.now() < until);
      if (event === "exit") process.exit(3);
      return [++count, context.getRemainingTimeInMillis()];
    };`,
    { debugPort: 0 },
  );
  const ends = () => reports.filter(({ kind }) => kind === "returned" || kind === "ended");

  run();
  await until("returned");
  run();
  await expect.poll(ends).toHaveLength(2);
  run({ ...EVENT, event: '"exit"' });
  await expect.poll(ends).toHaveLength(3);

  expect(ends()).toEqual([
    { kind: "returned", payload: "[1,3000]", bytes: 8 },
    { kind: "returned", payload: "[2,3000]", bytes: 8 },
    { kind: "ended", end: { kind: "exited", code: 3 } },
  ]);
});
