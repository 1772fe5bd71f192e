import { execFileSync } from "node:child_process";
import { Agent, type ClientRequest, type IncomingHttpHeaders, request } from "node:http";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test, vi } from "vitest";
import type { FunctionSpec, Report } from "../../../../src/emulator/lambda/environment-contract.ts";
import { createRuntimeApi } from "../../../../src/emulator/lambda/runtime-api/runtime-api.ts";
import { misbehaving, programSpec } from "../../../contracts/lambda-setup.ts";
import { isAlive } from "../../../is-alive.ts";

// The tests call the Runtime API themselves, on behalf of a program that only prints its address.

const runtime = createRuntimeApi();
const TELLS = 'echo "$AWS_LAMBDA_RUNTIME_API $$"';
const WAITS = `${TELLS}; exec sleep 600`;
const LIMIT = 6_291_556;
const START = Date.parse("2026-03-01T00:00:00Z");

type Answer = {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

type Program = { readonly pid: number; readonly call: ReturnType<typeof callerOf> };

/** Calls the API at an address; a call that waits can be given up. */
function callerOf(address: string) {
  return (
    method: "GET" | "POST",
    path: string,
    body = "",
    headers: Record<string, string> = {},
  ): Promise<Answer> & { readonly sent: ClientRequest } => {
    const url = `http://${address}/2018-06-01/runtime${path}`;
    const agent = new Agent({ keepAlive: true });
    const sent = request(url, { method, headers, agent });
    const answer = new Promise<Answer>((resolve, reject) => {
      sent.on("error", reject).on("response", async (response) => {
        const { statusCode: status, headers } = response;
        resolve({ status, headers, body: await text(response) });
        agent.destroy();
      });
    });
    sent.end(body);
    return Object.assign(answer, { sent });
  };
}

function start(script = WAITS, more: Partial<FunctionSpec> = {}) {
  const reports: Report[] = [];
  let note = () => {};
  const spec = programSpec({ handler: "main", root: misbehaving }, ["/bin/sh", "-c", script]);
  const environment = runtime.start({ ...spec, ...more }, (report) => {
    reports.push(report);
    note();
  });
  onTestFinished(() => environment.stop());
  /** The first reports of a kind, once there are as many. */
  const heard = <Kind extends Report["kind"]>(kind: Kind, count = 1) =>
    new Promise<Extract<Report, { kind: Kind }>[]>((resolve) => {
      note = () => {
        const found = reports.filter(
          (report): report is Extract<Report, { kind: Kind }> => report.kind === kind,
        );
        if (found.length >= count) resolve(found);
      };
      note();
    });
  const run = (awsRequestId: string) =>
    environment.run({ awsRequestId, trace: "Root=1", event: `"${awsRequestId}"` });
  /** The program that runs, by its number. */
  const program = async (nth = 1): Promise<Program> => {
    const startedLine = (await heard("logged", nth))[nth - 1]!;
    const [address = "", pid] = startedLine.text.split(" ");
    return { pid: Number(pid), call: callerOf(address) };
  };
  return {
    environment,
    reports,
    heard,
    run,
    program,
    kinds: () => reports.map(({ kind }) => kind),
  };
}

/** As `ps` shows it: `T` for a process that was stopped. */
function stateOf(pid: number): string {
  return execFileSync("ps", ["-o", "state=", "-p", String(pid)], { encoding: "utf8" }).trim();
}

/** Stops the machine's time. The returned function advances it. */
function holdTime(...more: ("setTimeout" | "clearTimeout")[]): (ms: number) => void {
  vi.useFakeTimers({ toFake: ["Date", ...more], now: START });
  onTestFinished(() => void vi.useRealTimers());
  return (ms) => void vi.advanceTimersByTime(ms);
}

const NEXT = ["GET", "/invocation/next"] as const;

test("an event comes once, with its body, its deadline and the invoked alias", async () => {
  holdTime();
  const before = performance.now();
  const { environment, heard, program } = start();
  const event = '{"text":"grüße"}';

  environment.run({ awsRequestId: "one", qualifier: "live", trace: "Root=1", event });
  const { call } = await program();
  const got = await call(...NEXT);

  expect(got).toEqual({
    status: 200,
    headers: {
      connection: "keep-alive",
      "content-length": String(Buffer.byteLength(event)),
      "content-type": "application/json",
      date: expect.any(String),
      "lambda-runtime-aws-request-id": "one",
      "lambda-runtime-deadline-ms": String(START + 3000),
      "lambda-runtime-invoked-function-arn":
        "arn:aws:lambda:us-east-1:123456789012:function:probe:live",
      "lambda-runtime-trace-id": "Root=1",
    },
    body: event,
  });
  const [{ initMs } = { initMs: 0 }] = await heard("initialized");
  expect(initMs).toBeGreaterThan(0);
  expect(initMs).toBeLessThanOrEqual(performance.now() - before);
});

test("what a program prints belongs to no event that is known", async () => {
  const { run, heard } = start(`${TELLS}; echo error >&2; exec sleep 600`);

  run("one");

  const lines = await heard("logged", 2);
  expect(lines.toSorted((a, b) => (a.stream < b.stream ? -1 : 1))).toEqual([
    { kind: "logged", awsRequestId: undefined, stream: "stderr", text: "error" },
    expect.objectContaining({ kind: "logged", awsRequestId: undefined, stream: "stdout" }),
  ]);
});

test("answers and errors are reported as they come, one for each event", async () => {
  const { run, heard, program, kinds } = start();
  run("one");
  const { call } = await program();
  await call(...NEXT);

  expect(await call("POST", "/invocation/two/response", "1")).toMatchObject({ status: 400 });
  expect(await call("POST", "/invocation/one/response", '"ü"')).toMatchObject({ status: 202 });
  expect(await call("POST", "/invocation/one/response", "1")).toMatchObject({ status: 400 });
  expect(await heard("returned")).toEqual([{ kind: "returned", payload: '"ü"', bytes: 4 }]);

  run("two");
  expect(await call(...NEXT)).toMatchObject({ body: '"two"' });
  const headers = { "Lambda-Runtime-Function-Error-Type": "Chat.Full" };
  expect(await call("POST", "/invocation/two/error", "no room", headers)).toMatchObject({
    status: 202,
  });
  const error = { errorType: "Chat.Full", errorMessage: "no room", trace: [] };
  expect(await heard("failed")).toEqual([{ kind: "failed", error, leaving: false }]);
  expect(kinds()).toEqual(["logged", "initialized", "returned", "failed"]);
});

test.each([
  [LIMIT, 202, LIMIT],
  [LIMIT + 1, 413, 0],
])("an answer of %i bytes gets %i", { tags: ["journey"] }, async (bytes, status, kept) => {
  const { run, heard, program } = start();
  run("one");
  const { call } = await program();
  await call(...NEXT);

  const answer = await call("POST", "/invocation/one/response", "x".repeat(bytes));

  expect(answer.status).toBe(status);
  const [returned] = await heard("returned");
  expect(returned!.bytes).toBe(bytes);
  expect(returned!.payload).toHaveLength(kept);
});

test("calls that do not fit while an event runs get the errors of the Runtime API", async () => {
  const { run, program, kinds } = start();
  run("one");
  const { call } = await program();
  await call(...NEXT);
  const refusal = (to: string) => ({
    status: 403,
    body: `{"errorMessage":"State transition from Running to ${to} failed for runtime. Error: State transition is not allowed","errorType":"InvalidStateTransition"}\n`,
  });

  expect(await call(...NEXT)).toMatchObject(refusal("Ready"));
  expect(await call("POST", "/init/error", "{}")).toMatchObject(refusal("InitError"));
  const missing = { status: 404, body: "404 page not found\n" };
  expect(await call("GET", "/invocation/one")).toMatchObject(missing);
  expect(await call("POST", "/invocation/next", "{}")).toMatchObject({ status: 405, body: "" });
  expect(await call("POST", "/invocation/other/response", "{}")).toMatchObject({
    status: 400,
    body: '{"errorMessage":"Invalid request ID","errorType":"InvalidRequestID"}\n',
  });

  expect(kinds()).toEqual(["logged", "initialized"]);
});

test("an error before the first event takes the program with it, with advice on what is missing", async () => {
  const command = "pip install";
  const { run, heard, program, kinds } = start(WAITS, {
    program: {
      command: ["/bin/sh", "-c", WAITS],
      installing: { command, requirements: undefined },
    },
  });
  const errorType = "Runtime.ImportModuleError";
  const errorMessage = "Unable to import module 'app': No module named 'yaml'";
  const payload = JSON.stringify({ errorType, errorMessage });
  run("one");
  const { call } = await program();

  expect(await call("POST", "/init/error", payload)).toMatchObject({ status: 202 });

  const error = { errorType, errorMessage, trace: [], payload };
  expect(await heard("failed")).toEqual([{ kind: "failed", error, leaving: true }]);
  expect((await heard("logged", 2))[1]).toEqual({
    ...{ kind: "logged", awsRequestId: undefined, stream: "stderr" },
    text: "yaml is not installed. Run pip install yaml",
  });
  expect(kinds()).toEqual(["logged", "logged", "failed"]);
});

test("the calls that wait get their events in order, but for those that were given up", async () => {
  const { run, program } = start();
  run("one");
  const { call } = await program();
  await call(...NEXT);
  await call("POST", "/invocation/one/response", "1");
  const given = call(...NEXT);
  given.catch(() => {});
  await new Promise((resolve) => given.sent.once("finish", resolve));
  await call("GET", "/elsewhere"); // by then the first has come
  const kept = call(...NEXT);
  await call("GET", "/elsewhere");

  given.sent.destroy();
  await expect(given).rejects.toThrow("socket hang up");
  await call("GET", "/elsewhere");
  run("two");

  expect(await kept).toMatchObject({ body: '"two"' });
});

test.runIf(process.platform !== "win32")(
  "a program is frozen while it waits, and only then",
  async () => {
    const { run, program } = start();
    run("one");
    const { call, pid } = await program();
    await call(...NEXT);
    expect(stateOf(pid)).not.toBe("T");
    await call("POST", "/invocation/one/response", "1");
    expect(stateOf(pid)).not.toBe("T");

    const next = call(...NEXT);
    await expect.poll(() => stateOf(pid)).toBe("T");
    run("two");
    await next;

    await expect.poll(() => stateOf(pid)).not.toBe("T");
  },
);

test.each([
  ["the rest of its time", 1000, 2000],
  ["a moment", 2950, 100],
  ["a moment even after its time", 5000, 100],
])("a program that has answered has %s to ask for more", async (_, taken, left) => {
  const passes = holdTime("setTimeout", "clearTimeout");
  const { run, program, heard, kinds } = start();
  run("one");
  const { call } = await program();
  await call(...NEXT);
  passes(taken);
  await call("POST", "/invocation/one/response", "1");

  passes(left - 1);
  expect(await call("GET", "/elsewhere")).toMatchObject({ status: 404 });
  expect(kinds()).not.toContain("ended");
  passes(1);

  const end = { kind: "signalled", signal: "SIGKILL" };
  expect(await heard("ended")).toEqual([{ kind: "ended", end }]);
});

test("a program that asks in time is left alone", async () => {
  const passes = holdTime("setTimeout", "clearTimeout");
  const { run, program } = start();
  run("one");
  const { call } = await program();
  await call(...NEXT);
  await call("POST", "/invocation/one/response", "1");
  const next = call(...NEXT);
  await call("GET", "/elsewhere");

  passes(10_000);
  run("two");

  expect(await next).toMatchObject({ body: '"two"' });
  expect(await call("POST", "/invocation/two/response", "2")).toMatchObject({ status: 202 });
});

test("a program that ends between two events is started again for the next", async () => {
  const { run, program, heard, kinds } = start();
  run("one");
  const first = await program();
  await first.call(...NEXT);
  await first.call("POST", "/invocation/one/response", "1");
  await heard("returned");

  run("two");
  process.kill(first.pid, "SIGTERM");
  const second = await program(2);
  expect(await second.call(...NEXT)).toMatchObject({ body: '"two"' });

  expect(second.pid).not.toBe(first.pid);
  await heard("initialized", 2);
  expect(kinds()).toEqual(["logged", "initialized", "returned", "logged", "initialized"]);
});

test("a program that ends during an event has ended", async () => {
  const { run, program, heard } = start();
  run("one");
  const { call, pid } = await program();
  await call(...NEXT);

  process.kill(pid, "SIGTERM");

  const end = { kind: "signalled", signal: "SIGTERM" };
  expect(await heard("ended")).toEqual([{ kind: "ended", end }]);
});

test("a program that never asks for an event has ended, and is not started again", async () => {
  const { run, heard, kinds } = start("exit 7");

  run("one");

  expect(await heard("ended")).toEqual([{ kind: "ended", end: { kind: "exited", code: 7 } }]);
  expect(kinds()).toEqual(["ended"]);
});

test("stop ends the program, its API and an event that waits, and may be called again", async () => {
  const { environment, run, program, kinds, heard } = start();
  run("one");
  const { call, pid } = await program();
  await call(...NEXT);
  await call("POST", "/invocation/one/response", "1");
  await heard("returned");
  run("two");

  await Promise.all([environment.stop(), environment.stop()]);

  expect(isAlive(pid)).toBe(false);
  await expect(call(...NEXT)).rejects.toThrow("ECONNREFUSED");
  await heard("ended");
  expect(kinds()).toEqual(["logged", "initialized", "returned", "ended"]);
});

test("stop before the program was started starts none", async () => {
  const { environment, run, reports } = start();

  run("one");
  await environment.stop();

  expect(reports).toEqual([]);
  await start().environment.stop();
});
