import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, onTestFinished, test } from "vitest";
import { createRuntimeApi } from "../../../../src/emulator/lambda/runtime-api/runtime-api.ts";
import {
  misbehaving,
  observed,
  programSpec,
  type RunFunction,
  runFunction,
} from "../../../contracts/lambda-setup.ts";
import { isAlive } from "../../../is-alive.ts";
import { temporaryDirectory } from "../../../temporary-directory.ts";

type Returned = { payload: string };

/** What the programs of these tests have in common. */
const PRELUDE = `
  const call = (path, options) => fetch("http://" + process.env.AWS_LAMBDA_RUNTIME_API + "/2018-06-01/runtime" + path, options);
  const post = (path, body, headers) => call(path, { method: "POST", body, headers });
  const next = async () => {
    const response = await call("/invocation/next");
    return { id: response.headers.get("lambda-runtime-aws-request-id"), response, event: await response.json() };
  };
  const answer = ({ id }, result) => post("/invocation/" + id + "/response", JSON.stringify(result));
`;

/** Runs a program in JavaScript that speaks the Runtime API by itself. */
function start(script: string, more: Partial<RunFunction> = {}) {
  const command = [process.execPath, "--input-type=module", "-e", PRELUDE + script];
  return startCommand(command, more);
}

function startCommand(command: readonly string[], more: Partial<RunFunction> = {}) {
  const options = { handler: "main", root: misbehaving, ...more };
  const spec = programSpec(options, command);
  return runFunction(observed(createRuntimeApi()), { ...options, spec });
}

test("an error that the program reports is the outcome", async () => {
  const { invoke } = await start(`
    const body = { errorType: "Chat.Full", errorMessage: "no room", stackTrace: ["at chat.rs:12"] };
    await post("/invocation/" + (await next()).id + "/error", JSON.stringify(body));
    await post("/invocation/" + (await next()).id + "/error", "no JSON", { "Lambda-Runtime-Function-Error-Type": "Chat.Odd" });
    await next();
  `);

  expect(await invoke("1")).toEqual({
    kind: "failed",
    errorType: "Chat.Full",
    errorMessage: "no room",
    trace: ["at chat.rs:12"],
    payload: '{"errorType":"Chat.Full","errorMessage":"no room","stackTrace":["at chat.rs:12"]}',
  });
  expect(await invoke("2")).toMatchObject({ errorType: "Chat.Odd", errorMessage: "no JSON" });
});

test("an error before the first event is the outcome, and the next event gets a fresh process", async () => {
  const { invoke, facts } = await start(
    `await post("/init/error", '{"errorType":"Chat.NotConfigured","errorMessage":"no table"}'); process.exit(1);`,
  );

  expect(await invoke("1")).toMatchObject({ errorType: "Chat.NotConfigured" });
  expect(await invoke("2")).toMatchObject({ errorType: "Chat.NotConfigured" });
  expect(facts("function.started").map(({ cold }) => cold)).toEqual([true, true]);
});

test("a program that ends before it has fetched an event fails in Lambda's words", async () => {
  const { invoke } = await start("process.exit(7);");

  expect(await invoke("1")).toMatchObject({
    errorType: "Runtime.ExitError",
    errorMessage: expect.stringMatching(
      /^RequestId: \S+ Error: Runtime exited with error: exit status 7$/,
    ),
  });
});

test("a program that cannot be started is an invalid entrypoint", async () => {
  const { invoke } = await startCommand(["/nowhere/bootstrap"]);

  expect(await invoke("1")).toMatchObject({
    errorType: "Runtime.InvalidEntrypoint",
    errorMessage: expect.stringContaining("/nowhere/bootstrap"),
  });
});

test("a program that the system does not even try to start fails alike", async () => {
  const { invoke } = await startCommand(["/bin/\0"]);

  expect(await invoke("hello")).toMatchObject({
    kind: "failed",
    errorType: "Runtime.InvalidEntrypoint",
    errorMessage: expect.stringContaining("null bytes"),
  });
});

const LEAVES_CHILD = `
  import { spawn } from "node:child_process";
  for (;;) {
    const got = await next();
    const child = spawn("sleep", ["600"], { stdio: "inherit" });
    if (got.event.body === "wait") {
      console.log(child.pid);
      await new Promise(() => setInterval(() => {}, 1000));
    }
    await answer(got, [process.pid, child.pid]);
  }
`;

test.runIf(process.platform !== "win32")(
  "between events a program is frozen with all its child processes",
  { tags: ["journey"] },
  async () => {
    const { invoke } = await start(LEAVES_CHILD);

    const { payload } = (await invoke("1")) as unknown as Returned;
    const [program, child] = JSON.parse(payload) as [number, number];

    await expect.poll(() => [stateOf(program), stateOf(child)]).toEqual(["T", "T"]);
    expect(await invoke("2")).toMatchObject({ kind: "returned" });
  },
);

test.runIf(process.platform !== "win32")("stop leaves nothing that a program started", async () => {
  const { invoke, lambda } = await start(LEAVES_CHILD);
  const { payload } = (await invoke("1")) as unknown as Returned;

  await lambda.stop();

  const pids = JSON.parse(payload) as number[];
  await expect.poll(() => pids.map(isAlive)).toEqual([false, false]);
});

test.runIf(process.platform !== "win32")(
  "at its time limit a program is ended with all that it has started",
  { tags: ["journey"] },
  async () => {
    const { invoke, journal, clock } = await start(LEAVES_CHILD, { timeout: 3 });
    const printed = new Promise<string>((resolve) => {
      journal.subscribe((fact) => fact.type === "function.logged" && resolve(fact.text));
    });

    const outcome = invoke("wait");
    const child = Number(await printed);
    expect(isAlive(child)).toBe(true);
    clock.advance(3000);

    expect(await outcome).toMatchObject({ errorType: "Sandbox.Timedout" });
    await expect.poll(() => isAlive(child)).toBe(false);
  },
);

test.runIf(process.platform !== "win32")(
  "a frozen program does not outlive a gateway that is killed",
  { tags: ["journey"] },
  async () => {
    const directory = temporaryDirectory();
    const source = "../../../../src/emulator/lambda/runtime-api/runtime-api.ts";
    await build({
      entryPoints: [fileURLToPath(new URL(source, import.meta.url))],
      outfile: join(directory, "runtime-api.mjs"),
      bundle: true,
      platform: "node",
      format: "esm",
    });
    const command = [process.execPath, "--input-type=module", "-e", PRELUDE + LEAVES_CHILD];
    const spec = programSpec({ handler: "main", root: directory }, command);
    writeFileSync(join(directory, "gateway.mjs"), GATEWAY.replace("SPEC", JSON.stringify(spec)));
    const gateway = spawn(process.execPath, [join(directory, "gateway.mjs")], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, TMPDIR: directory }, // what a killed gateway leaves goes with the test
    });
    onTestFinished(() => void gateway.kill("SIGKILL"));
    const [told] = await once(gateway.stdout, "data");
    const pids = JSON.parse(String(told)) as number[];
    await expect.poll(() => pids.map(stateOf)).toEqual(["T", "T"]);

    gateway.kill("SIGKILL");

    await expect.poll(() => pids.map(isAlive)).toEqual([false, false]);
  },
);

/** A gateway that runs one event and does nothing more. */
const GATEWAY = `
  import { createRuntimeApi } from "./runtime-api.mjs";
  const environment = createRuntimeApi().start(SPEC, (report) => {
    if (report.kind === "returned") console.log(report.payload);
  });
  environment.run({ awsRequestId: "id", trace: "trace", event: '{"body":""}' });
`;

/** As `ps` shows it: `T` for a process that was stopped; empty when it is gone. */
function stateOf(pid: number): string {
  try {
    const state = execFileSync("ps", ["-o", "state=", "-p", String(pid)], { encoding: "utf8" });
    return state.trim().slice(0, 1);
  } catch {
    return "";
  }
}
