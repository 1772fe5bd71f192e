import { existsSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { createManualClock } from "../../../../src/clock.ts";
import type { FunctionSpec, Report } from "../../../../src/emulator/lambda/environment-contract.ts";
import { evaluate } from "../../../../src/emulator/lambda/in-process/evaluate.ts";
import { createInProcess } from "../../../../src/emulator/lambda/in-process/in-process.ts";
import { createPendingCalls } from "../../../../src/emulator/lambda/in-process/pending-calls.ts";
import { createSandboxGlobals } from "../../../../src/emulator/lambda/in-process/sandbox-globals.ts";
import { createKnownInvocations } from "../../../../src/emulator/lambda/known-invocations.ts";
import { loadCertificates } from "../../../../src/emulator/network/certificates/certificates.ts";
import { listen } from "../../../listen.ts";
import { temporaryDirectory } from "../../../temporary-directory.ts";
import { plainSpec } from "../plain-spec.ts";

const certificates = loadCertificates({ stateDir: undefined, now: Date.now() });
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const machineCode = `.${process.version}-${process.arch}.v8`;

type Options = Parameters<typeof createInProcess>[0];

/** A function whose code is this text, as a bundler leaves it. */
function specOf(
  text: string,
  { format = "commonjs", ...more }: Partial<FunctionSpec> & { format?: "commonjs" | "module" } = {},
): FunctionSpec {
  const file = join(temporaryDirectory(), "built.js");
  writeFileSync(file, text);
  const spec = plainSpec(file);
  return { ...spec, code: { ...spec.code, format }, ...more };
}

/** Evaluates it as an environment of its own does. */
function evaluated(spec: FunctionSpec, patched?: Parameters<typeof evaluate>[2]): unknown {
  const globals = createSandboxGlobals(
    spec,
    {
      write() {},
      exit() {},
      uncaught() {},
    },
    createManualClock(0),
  );
  onTestFinished(() => globals.stop());
  return evaluate(spec, globals, patched);
}

/** An environment for such code, and what it reports. */
function start(spec: FunctionSpec, options: Partial<Options> = {}) {
  const clock = createManualClock(0);
  const reports: Report[] = [];
  let note = () => {};
  const environment = createInProcess({ clock, ...options }).start(spec, (report) => {
    reports.push(report);
    note();
  });
  onTestFinished(() => environment.stop());
  let events = 0;
  const run = (event: unknown = null, qualifier?: string) => {
    events += 1;
    const awsRequestId = `id-${events}`;
    environment.run({
      awsRequestId,
      qualifier,
      trace: `Root=${events}`,
      event: JSON.stringify(event),
    });
  };
  /** Resolves with the reports when the last is of such a kind. */
  const until = (...kinds: Report["kind"][]) =>
    new Promise<readonly Report[]>((resolve) => {
      note = () => {
        const last = reports.at(-1)?.kind;
        if (last !== undefined && kinds.includes(last)) resolve(reports);
      };
      note();
    });
  return { clock, environment, reports, run, until };
}

const logged = (text: string, stream = "stdout", awsRequestId: string | undefined = "id-1") => ({
  kind: "logged",
  ...{ awsRequestId, stream, text },
});
const initialized = { kind: "initialized", initMs: expect.any(Number) };
const returned = (payload: string) => ({
  kind: "returned",
  ...{ payload, bytes: Buffer.byteLength(payload) },
});

test("code finds its module, its place and what stands in for this process", () => {
  const spec = specOf(`
    exports.isSame = [this === exports, module.exports === exports];
    exports.places = [__filename, __dirname, __wsgw_url];
    exports.globals = { process, console, setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate };
    exports.more = { fetch, awslambda, time: __wsgw_time };
  `);
  const source = join(temporaryDirectory(), "author.ts");

  const found = evaluated({ ...spec, code: { ...spec.code, source } }) as {
    readonly isSame: readonly boolean[];
    readonly places: readonly string[];
    readonly globals: Readonly<Record<string, unknown>>;
    readonly more: Readonly<Record<string, unknown>>;
  };

  expect(found.isSame).toEqual([true, true]);
  expect(found.places).toEqual([source, join(source, ".."), pathToFileURL(source).href]);
  for (const [name, value] of Object.entries(found.globals)) {
    expect(value, name).toBeDefined();
    expect(value, name).not.toBe(Reflect.get(globalThis, name));
  }
  expect(new Set(Object.values(found.globals)).size).toBe(8);
  expect(found.more).toEqual({
    fetch,
    awslambda: { streamifyResponse: expect.any(Function), HttpResponseStream: expect.anything() },
    time: expect.objectContaining({ Date: expect.any(Function) }),
  });
});

test("code that replaces its exports has those", () => {
  expect(evaluated(specOf("module.exports = 5;"))).toBe(5);
});

test("a module is strict and gives a promise of what it returns, CommonJS is not", async () => {
  const isStrict = "(function () { return this === undefined; })()";

  expect(await evaluated(specOf(`return ${isStrict};`, { format: "module" }))).toBe(true);
  expect(evaluated(specOf(`module.exports = ${isStrict};`))).toBe(false);
});

test("each environment has its own state of code that was read once", () => {
  const spec = specOf("exports.state = {};");

  const first = evaluated(spec) as { state: object };
  writeFileSync(spec.code.file, "exports.state = undefined;");
  const second = evaluated(spec) as { state: object };

  expect(second.state).toEqual({});
  expect(second.state).not.toBe(first.state);
});

test("an error names the file, the line and the column of the code", () => {
  const spec = specOf('throw new Error("first line");');
  let stack: string | undefined;

  try {
    evaluated(spec);
  } catch (error) {
    stack = (error as Error).stack;
  }

  expect(stack).toContain(`${spec.code.file}:1:7`);
});

test("code imports built-in modules by itself", async () => {
  const imported = evaluated(specOf('module.exports = import("node:path");'));

  expect(await imported).toMatchObject({ sep: "/" });
});

test("what V8 has compiled is kept beside the code, and damaged code of V8 is replaced", () => {
  const spec = specOf("exports.value = 1;");
  const kept = `${spec.code.file}${machineCode}`;
  expect(evaluated(spec)).toEqual({ value: 1 });
  expect(existsSync(kept)).toBe(true);
  const damaged = specOf("exports.value = 2;");
  writeFileSync(`${damaged.code.file}${machineCode}`, "damaged");

  expect(evaluated(damaged)).toEqual({ value: 2 });

  expect(readdirSync(join(damaged.code.file, ".."))).toHaveLength(2);
});

test("code runs although what V8 has compiled cannot be kept", () => {
  const spec = specOf("exports.value = 1;");
  const file = join(spec.code.file, "..", `${"long".repeat(60)}.js`); // no name that is longer still fits
  renameSync(spec.code.file, file);

  expect(evaluated({ ...spec, code: { ...spec.code, file } })).toEqual({ value: 1 });

  expect(readdirSync(join(file, ".."))).toHaveLength(1);
});

test("code requires its own process and timers, modules of the environment, and its packages", () => {
  const spec = specOf(`
    const { parse } = require("node:url");
    module.exports = {
      process: [require("process") === process, require("node:process") === process],
      timers: ["timers", "node:timers"].map((name) => require(name).setTimeout === setTimeout),
      whole: typeof require("timers").promises.setTimeout,
      http: [require("http"), require("node:http")],
      parse,
      near: require("./near.js"),
      main: require.main,
      resolved: require.resolve("./near.js"),
      cache: require.cache,
    };
  `);
  const near = join(spec.code.file, "..", "near.js");
  writeFileSync(near, "module.exports = 'near';");

  const found = evaluated(spec, { modules: { http: "own" }, fetch });

  const require = createRequire(import.meta.url);
  expect(found).toEqual({
    process: [true, true],
    timers: [true, true],
    whole: "function",
    http: ["own", "own"],
    parse: require("node:url").parse,
    near: "near",
    main: undefined,
    resolved: near,
    cache: expect.anything(),
  });
  expect((found as { cache: unknown }).cache).toBe(require.cache);
});

test("the project's own files require the timers of the emulated time", () => {
  const found = evaluated(
    specOf(`
      const timers = require("wsgw:timers");
      module.exports = [timers.setTimeout === __wsgw_time.setTimeout, timers.promises === require("wsgw:timers/promises")];
    `),
  );

  expect(found).toEqual([true, true]);
});

test("an event is answered after the output before it, by the function's context", async () => {
  const spec = specOf(
    `
    console.log("loads", process.env._X_AMZN_TRACE_ID);
    exports.handler = async (event, context) => {
      process.stdout.write("without an end");
      return [event, context.awsRequestId, context.invokedFunctionArn, context.getRemainingTimeInMillis(), process.env._X_AMZN_TRACE_ID];
    };`,
    { timeout: 2 },
  );
  const { run, until, reports } = start(spec);

  run("grüße", "live");
  expect(reports).toEqual([]);

  expect(await until("returned")).toEqual([
    logged("loads Root=1"),
    initialized,
    logged("without an end"),
    returned('["grüße","id-1","arn:live",2000,"Root=1"]'),
  ]);
  reports.length = 0;
  run(2);
  expect(await until("returned")).toEqual([
    logged("without an end", "stdout", "id-2"),
    returned('[2,"id-2","arn",2000,"Root=2"]'),
  ]);
});

test("an error of the handler keeps its environment, an error of a timer ends it", async () => {
  const spec = specOf(`
    exports.handler = async (event) => {
      if (event === "throw") throw new TypeError("boom");
      setTimeout(() => { throw new RangeError("late"); }, 1);
      return new Promise(() => {});
    };`);
  const { run, until, reports } = start(spec);

  run("throw");
  await until("failed");
  run("timer");
  await expect.poll(() => reports).toHaveLength(3);

  expect(reports).toMatchObject([
    initialized,
    { kind: "failed", leaving: false, error: { errorType: "TypeError" } },
    { kind: "failed", leaving: true, error: { errorType: "RangeError" } },
  ]);
});

test("an environment ends once, with the rest of its output, and reports nothing afterwards", async () => {
  const spec = specOf(`
    exports.handler = (event, context, callback) => {
      process.stderr.write("last words");
      setTimeout(() => console.log("a timer"), 1);
      later = () => { console.log("late"); callback(null, 1); };
    };
    let later;
    globalThis.wsgwProbe = () => later();`);
  onTestFinished(() => void Reflect.deleteProperty(globalThis, "wsgwProbe"));
  const { run, environment, reports } = start(spec);
  run();
  await turn();

  await environment.stop();
  await environment.stop();
  Reflect.get(globalThis, "wsgwProbe")();
  await new Promise((resolve) => setTimeout(resolve, 2));
  await turn();

  expect(reports).toEqual([
    initialized,
    logged("last words", "stderr"),
    { kind: "ended", end: { kind: "signalled", signal: "SIGKILL" } },
  ]);
});

test("an environment that is stopped before its event begins loads nothing", async () => {
  const { run, environment, reports } = start(specOf('console.log("loads");'));

  run();
  await environment.stop();
  await turn();

  expect(reports).toEqual([{ kind: "ended", end: { kind: "signalled", signal: "SIGKILL" } }]);
});

test("an answer to an event that is over answers no later one", async () => {
  const spec = specOf(`
    let first;
    exports.handler = (event, context, callback) => {
      if (event === 1) first = callback;
      else { first(null, "late"); setImmediate(() => callback(null, "in time")); }
    };`);
  const { run, until } = start(spec);
  run(1);
  await turn();

  run(2);

  expect((await until("returned")).filter(({ kind }) => kind === "returned")).toEqual([
    returned('"in time"'),
  ]);
});

test.each([
  ["commonjs", "process.exit(3);"],
  ["module", "await 1; process.exit(3);"],
] as const)(
  "code that exits while it is loaded ends without a failure: %s",
  async (format, text) => {
    const { run, until, reports } = start(specOf(text, { format }));

    run();
    await until("ended");
    await turn();

    expect(reports).toEqual([{ kind: "ended", end: { kind: "exited", code: 3 } }]);
  },
);

test.each([
  ["commonjs", 'throw new Error("no table");'],
  ["module", 'await 1; throw new Error("no table");'],
] as const)("code that fails while it is loaded ends its environment: %s", async (format, text) => {
  const { run, until } = start(specOf(text, { format }));

  run();

  expect(await until("failed")).toMatchObject([
    { kind: "failed", leaving: true, error: { errorType: "Error", errorMessage: "no table" } },
  ]);
});

test("code without its handler ends its environment", async () => {
  const { run, until } = start(specOf("exports.other = 1;"));

  run();

  expect(await until("failed")).toMatchObject([
    { kind: "failed", leaving: true, error: { errorType: "Runtime.HandlerNotFound" } },
  ]);
});

test("CommonJS whose exports are a promise has no handler, a module that awaits has", async () => {
  const promised = "Promise.resolve({ handler: async () => 1 })";
  const plain = start(specOf(`module.exports = ${promised};`));
  const module = start(specOf(`return ${promised};`, { format: "module" }));

  plain.run();
  module.run();

  expect(await plain.until("failed")).toMatchObject([{ kind: "failed", leaving: true }]);
  expect(await module.until("returned")).toEqual([initialized, returned("1")]);
});

test("an environment that ends while its module awaits is not initialized", async () => {
  const spec = specOf("await 1; return { handler: async () => 1 };", { format: "module" });
  const { run, environment, reports } = start(spec);

  run();
  await Promise.resolve();
  await environment.stop();
  await turn();

  expect(reports).toEqual([{ kind: "ended", end: { kind: "signalled", signal: "SIGKILL" } }]);
});

test("advice on what is missing, and on callbacks, is printed with the event", async () => {
  const missing = start(specOf('require("@aws-sdk/client-sqs");'));
  missing.run();
  const advice = "npm install --save-dev @aws-sdk/client-sqs";
  expect(await missing.until("failed")).toEqual([
    logged(expect.stringContaining(advice) as unknown as string, "stderr"),
    expect.objectContaining({ kind: "failed", leaving: true }),
  ]);

  const spec = specOf("exports.handler = (event, context, callback) => callback(null, 1);");
  const environment = { AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x" };
  const old = start({ ...spec, environment });
  old.run();
  expect(await old.until("returned")).toEqual([
    logged(expect.stringContaining("CallbackHandlerDeprecated") as unknown as string, "stderr"),
    initialized,
    returned("1"),
  ]);
});

const NETWORK = {
  region: "us-east-1",
  apis: [],
  address: { host: "127.0.0.1", port: 9 },
  standIns: [],
  allowAws: false,
};

const CALLS = `
  const http = require("http");
  exports.handler = (url) => new Promise((resolve) => {
    const call = http.get(url, { agent: false }, (response) => response.resume().on("close", () => resolve(response.statusCode)));
    call.on("error", ({ message }) => resolve(message));
  });`;

test("the sockets of code are known by their event until they close", async () => {
  const calls = createPendingCalls();
  const invocations = createKnownInvocations();
  const invoked = { started: 1, connectionId: "c", requestId: "r" } as never;
  invocations.started("probe", "id-1", invoked);
  invocations.started("probe", "other", invoked); // so that a function is not enough to know it
  const seen: unknown[] = [];
  const closed: Promise<unknown>[] = [];
  let port = 0;
  const server = createServer(({ socket }, response) => {
    port = socket.remotePort ?? 0;
    seen.push(calls.ports.has(port), invocations.of(port, undefined, "probe"));
    closed.push(new Promise((resolve) => socket.once("close", resolve)));
    response.end();
  });
  const url = `http://127.0.0.1:${await listen(server)}/`;
  const spec = specOf(CALLS, { network: NETWORK });
  const { run, until } = start(spec, { ca: certificates.caPem, calls, invocations });

  run(url);

  expect(await until("returned")).toEqual([initialized, returned("200")]);
  expect(seen).toEqual([true, invoked]);
  await Promise.all(closed);
  await expect.poll(() => calls.ports.size).toBe(0);
  expect(invocations.of(port, undefined, "probe")).toBeUndefined();
});

test("a connection to AWS is stopped and reported with its function", async () => {
  const spec = specOf(CALLS, { network: NETWORK });
  const { run, until, reports } = start(spec, { ca: certificates.caPem });

  run("http://sqs.us-east-1.amazonaws.com:21/");
  await until("returned");

  expect(reports[1]).toMatchObject({
    kind: "stopped",
    call: { functionName: "probe", host: "sqs.us-east-1.amazonaws.com", service: "sqs" },
  });
});

test("without an authority code has the modules of this process", async () => {
  const spec = specOf('exports.handler = async () => require("http") === require("node:http");');
  const { run, until } = start(spec);

  run();

  expect(await until("returned")).toEqual([initialized, returned("true")]);
});

test("code follows the clock of the gateway only if that was asked for", async () => {
  const spec = specOf("exports.handler = async () => __wsgw_time === undefined;");
  const real = start(spec);
  const virtual = start(spec, { virtualTime: true });

  real.run();
  virtual.run();

  expect(await real.until("returned")).toEqual([initialized, returned("true")]);
  expect(await virtual.until("returned")).toEqual([initialized, returned("false")]);
});
