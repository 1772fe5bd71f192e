import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { createChildProcesses } from "../../../src/emulator/lambda/child-process/child-process.ts";
import { makeProject } from "../../bundle/project.ts";
import { buildLambdaChild, runFunction, specOf } from "../../contracts/lambda-setup.ts";
import { listen } from "../../listen.ts";

const pending = fileURLToPath(new URL("../../../fixtures/pending", import.meta.url));

beforeAll(buildLambdaChild);

async function start(handler: string, root = pending) {
  const run = await runFunction(createChildProcesses(), { handler, root });
  return { ...run, left: () => run.facts("function.unfinished") };
}

/** Answers at once, but for `/slow`, which it never does. */
async function startServer(): Promise<string> {
  const server = createServer((request, response) => {
    if (request.url?.startsWith("/slow") === true) return;
    response.end(request.url === "/large" ? "x".repeat(4_000_000) : "hello");
  });
  return `http://127.0.0.1:${await listen(server)}`;
}

test.each([
  ["a handler that awaits what it does, with connections kept for later", "app.awaited"],
  ["a handler that does not read an answer", "app.unread"],
  ["an open connection, as to a database", "app.socket"],
  ["a callback that waits for the event loop to be empty", "app.waits"],
  ["a stream that closes its file", "app.stream"],
  ["a stream that is broken off while it reads", "app.brokenOff"],
  ["a program that has ended, or was told to", "app.ended"],
  ["a request that was given up", "app.destroyed"],
  ["an interval that has run since the code was loaded", "interval.handler"],
])("%s leaves nothing pending", { tags: ["journey"] }, async (_, handler) => {
  const url = await startServer();
  const { invoke, left } = await start(handler);

  for (let event = 0; event < 3; event += 1) await invoke(url);

  expect(left()).toEqual([]);
});

test.each([
  ["a request by http", "app.byHttp", "GET", "/slow"],
  ["a first request by fetch", "app.byFetch", "POST", "/slow"],
  ["a request by fetch over a connection of before", "app.byFetchAgain", "POST", "/slow"],
])("%s that is not awaited is named, without its query", async (_, handler, method, path) => {
  const url = await startServer();
  const { invoke, left, facts } = await start(handler);

  await invoke(url);
  await invoke(url); // what the first one left is told before

  const told = new RegExp(`^${method} http://.*${path}$`);
  expect(left()[0]).toMatchObject({
    functionName: "probe",
    requestId: "request",
    connectionId: "connection",
    awsRequestId: facts("function.started")[0]!.awsRequestId,
    work: [{ kind: "request", count: 1, details: [expect.stringMatching(told)] }],
  });
});

test("a request of undici that has not opened a connection is named too", async () => {
  const { root } = makeProject({
    "app.js": `exports.handler = async () => {
      const request = { method: "PUT", origin: "http://elsewhere.example", path: "/slow?secret" };
      require("diagnostics_channel").channel("undici:request:create").publish({ request });
    };`,
  });
  const { invoke, left } = await start("app.handler", root);

  await invoke("first");
  await invoke("second"); // what the first one left is told before

  const details = ["PUT http://elsewhere.example/slow"];
  expect(left()[0]?.work).toEqual([{ kind: "request", count: 1, details }]);
});

test("reports a file being written and a program that runs", async () => {
  const { invoke, left } = await start("app.unawaited");

  await invoke("first");
  await invoke("second");

  expect(left()[0]?.work).toEqual([
    { kind: "file", count: 1, details: [] },
    { kind: "process", count: 1, details: [] },
  ]);
});

test("timers are counted for the event that started them, and belong to it", async () => {
  const { invoke, left, facts } = await start("app.timers");

  await invoke("hello");
  await invoke("hello");
  await invoke("hello");

  const [first, second] = facts("function.started");
  expect(left().slice(0, 2)).toMatchObject([
    { awsRequestId: first!.awsRequestId, work: [{ kind: "timer", count: 2 }] },
    { awsRequestId: second!.awsRequestId, work: [{ kind: "timer", count: 2 }] },
  ]);
});

test("reports what an earlier event left behind once", async () => {
  const { invoke, left } = await start("app.once");

  await invoke("first");
  await invoke("second");
  await invoke("third");

  expect(left()).toHaveLength(1);
});

test("each environment has its own directory for temporary files, deleted with it", async () => {
  const { invoke, lambda } = await start("app.temporary");
  const { existsSync } = await import("node:fs");
  const payloadOf = (outcome: unknown) => JSON.parse((outcome as { payload: string }).payload);

  const [one, other] = (await Promise.all([invoke("1"), invoke("2")])).map(payloadOf);
  const again = payloadOf(await invoke("3"));

  expect(one.known || other.known).toBe(false);
  expect(other.directory).not.toBe(one.directory);
  expect(again.known).toBe(true);
  expect(existsSync(one.directory) && existsSync(other.directory)).toBe(true);
  await lambda.stop();
  expect(existsSync(one.directory) || existsSync(other.directory)).toBe(false);
});

test("a callback handler gets advice about nodejs24.x, once per environment", async () => {
  const spec = await specOf({ handler: "app.waits", root: pending });
  const environment = { ...spec.environment, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x" };
  const { invoke, logged } = await runFunction(createChildProcesses(), {
    handler: "app.waits",
    spec: { ...spec, environment },
  });

  await invoke("hello");
  await invoke("hello");

  expect(logged()).toEqual([
    ["stderr", expect.stringContaining("Runtime.CallbackHandlerDeprecated")],
  ]);
});

test("reports the maximum memory of an environment with the end of each event", async () => {
  const { invoke, facts } = await start("app.timers");

  await invoke("hello");
  await invoke("hello");

  for (const { maxMemoryMb, handlerMs, durationMs } of facts("function.ended")) {
    expect(maxMemoryMb).toBeGreaterThan(20);
    expect(maxMemoryMb).toBeLessThan(128);
    expect(handlerMs).toBeLessThanOrEqual(durationMs);
  }
});

test("work of a later event is reported although earlier work of its kind has ended", {
  tags: ["journey"],
}, async () => {
  const { root } = makeProject({
    "app.js": `let ended;
    exports.handler = async ({ body }) => {
      if (body === "leave") ended = new Promise((resolve) => setTimeout(resolve, 200));
      else await ended;
    };`,
  });
  const { invoke, left, facts } = await start("app.handler", root);

  for (const what of ["leave", "wait", "leave", "wait"]) await invoke(what);

  expect(left()).toHaveLength(2);
  expect(facts("function.ended")).toHaveLength(4);
});
