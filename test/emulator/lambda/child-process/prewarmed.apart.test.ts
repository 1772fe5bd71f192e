import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import type { ChildEnvironment } from "../../../../src/emulator/lambda/child-process/child-environment.ts";
import { createPrewarmed } from "../../../../src/emulator/lambda/child-process/prewarmed.ts";
import type { FunctionSpec, Report } from "../../../../src/emulator/lambda/environment-contract.ts";
import { temporaryDirectory } from "../../../temporary-directory.ts";

const EVENT = { awsRequestId: "request", trace: "", event: "{}" };

function specOf(name: string, more: Partial<FunctionSpec> = {}): FunctionSpec {
  return {
    name,
    handler: "a.handler",
    code: {
      file: "/nowhere/a.mjs",
      source: "/nowhere/a.mjs",
      exportPath: "handler",
      format: "module",
      sourceMaps: false,
      runtimeSdk: undefined,
      sdkPackages: [],
    },
    environment: {},
    memory: 128,
    timeout: 3,
    arn: "arn",
    root: "/",
    ...more,
  };
}

/** As a save makes it: other code for the same process. */
const changed = (spec: FunctionSpec): FunctionSpec => ({ ...spec, code: { ...spec.code } });

const QUIET_MS = 4;

/** From now on time passes only as the returned function says, in ms. */
function holdTime(): (ms: number) => void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  return (ms) => void vi.advanceTimersByTime(ms);
}

/** Prewarmed of processes that are none: what each was told is kept, in the order of their start. */
function createFakes(most = 2) {
  const children: {
    spec: FunctionSpec;
    readonly calls: string[];
    readonly report: (report: Report) => void;
  }[] = [];
  let noteStart = () => {};
  const prewarmed = createPrewarmed({
    most,
    quietMs: QUIET_MS,
    start(spec, report): ChildEnvironment {
      const child = { spec, calls: [] as string[], report };
      children.push(child);
      noteStart();
      return {
        assume(next) {
          child.spec = next;
          child.calls.push("assume");
        },
        run: () => void child.calls.push("run"),
        stop: async () => void child.calls.push("stop"),
      };
    },
  });
  onTestFinished(() => prewarmed.stop());
  const started = (count: number) =>
    new Promise<void>((resolve) => {
      noteStart = () => children.length >= count && resolve();
      noteStart();
    });
  const returned: Report = { kind: "returned", payload: "null", bytes: 4 };

  /** Runs one event in a new environment, which makes a prewarmed environment come up after it. */
  async function use(spec: FunctionSpec): Promise<void> {
    const before = children.length;
    prewarmed.start(spec, () => {}).run(EVENT);
    children.at(-1)!.report(returned);
    await started(before + 2);
  }
  return { prewarmed, children, use, returned };
}

test("changed code runs in the environment that waits for it", async () => {
  const { prewarmed, children, use } = createFakes();
  const spec = specOf("ask");
  await use(spec);

  const next = changed(spec);
  prewarmed.start(next, () => {}).run(EVENT);

  expect(children).toHaveLength(2);
  expect(children[1]).toMatchObject({ spec: next, calls: ["assume", "run"] });
});

test("a prewarmed environment is used once", async () => {
  const { prewarmed, children, use } = createFakes();
  const spec = specOf("ask");
  await use(spec);
  prewarmed.start(changed(spec), () => {}).run(EVENT);

  prewarmed.start(changed(spec), () => {}).run(EVENT);

  expect(children.map(({ calls }) => calls)).toEqual([["run"], ["assume", "run"], ["run"]]);
});

test("one more environment for the same code leaves the prewarmed environment where it is", async () => {
  const { prewarmed, children, use } = createFakes();
  const spec = specOf("ask");
  await use(spec);

  prewarmed.start(spec, () => {}).run(EVENT);

  expect(children).toHaveLength(3);
  expect(children[1]!.calls).toEqual([]);
});

test.each([
  ["another environment variable", { environment: { MOOD: "merry" } }],
  ["other memory", { memory: 256 }],
  ["other layers", { layers: ["/layer"] as unknown as NonNullable<FunctionSpec["layers"]> }],
])("a prewarmed environment is ended, not used, for code with %s", async (_, more) => {
  const { prewarmed, children, use } = createFakes();
  const spec = specOf("ask");
  await use(spec);

  prewarmed.start({ ...changed(spec), ...more }, () => {}).run(EVENT);

  expect(children).toHaveLength(3);
  expect(children.map(({ calls }) => calls)).toEqual([["run"], ["stop"], ["run"]]);
});

test("no prewarmed environment comes up while an event runs", () => {
  const passes = holdTime();
  const { prewarmed, children, returned } = createFakes();
  const busy = specOf("busy");
  prewarmed.start(busy, () => {}).run(EVENT);
  prewarmed.start(specOf("ask"), () => {}).run(EVENT);
  children[1]!.report(returned);
  passes(10 * QUIET_MS);

  expect(children).toHaveLength(2);
  children[0]!.report(returned);
  passes(QUIET_MS);
  expect(children[2]!.spec.name).toBe("ask");
});

test("only the functions used last have prewarmed environments", async () => {
  const { prewarmed, children, use } = createFakes(1);
  const first = specOf("first");
  await use(first);
  await use(specOf("second"));

  expect(children[1]!.calls).toEqual(["stop"]);
  prewarmed.start(changed(first), () => {}).run(EVENT);
  expect(children.at(-1)!.calls).toEqual(["run"]);
});

test("the prewarmed environment of a function that is dropped ends, and does not come again", async () => {
  const advance = holdTime();
  const { prewarmed, children, returned } = createFakes(1);
  for (const name of ["stays", "goes"]) {
    prewarmed.start(specOf(name), () => {}).run(EVENT);
    children.at(-1)!.report(returned);
  }
  advance(QUIET_MS);

  prewarmed.retireOthers(new Set(["stays"]));
  advance(QUIET_MS);

  const waiting = children.filter(({ spec }) => spec.isPrewarmed);
  expect(waiting.map(({ spec, calls }) => [spec.name, calls])).toEqual([
    ["goes", ["stop"]],
    ["stays", []],
  ]);
});

test("reports output of packages loaded in a prewarmed environment with the first event of the changed code", async () => {
  const { prewarmed, children, use } = createFakes();
  const spec = specOf("ask");
  await use(spec);
  const said: Report = { kind: "logged", awsRequestId: undefined, stream: "stderr", text: "old" };
  children[1]!.report(said);

  const heard: Report[] = [];
  const environment = prewarmed.start(changed(spec), (report) => heard.push(report));
  expect(heard).toEqual([]);
  environment.run(EVENT);

  expect(heard).toEqual([said]);
});

test("a prewarmed environment that ended by itself is not used", async () => {
  const { prewarmed, children, use } = createFakes();
  const spec = specOf("ask");
  await use(spec);
  children[1]!.report({ kind: "ended", end: { kind: "exited", code: 1 } });

  prewarmed.start(changed(spec), () => {}).run(EVENT);

  expect(children[2]!.calls).toEqual(["run"]);
});

test("a prewarmed environment that ended by itself is taken away, and comes again only when its function is used", () => {
  const passes = holdTime();
  const { prewarmed, children, returned } = createFakes();
  const spec = specOf("ask");
  prewarmed.start(spec, () => {}).run(EVENT);
  children[0]!.report(returned);
  passes(QUIET_MS);

  children[1]!.report({ kind: "ended", end: { kind: "never-started", reason: "no such file" } });
  passes(10 * QUIET_MS);

  expect(children.map(({ calls }) => calls)).toEqual([["run"], ["stop"]]);
  prewarmed.start(spec, () => {}).run(EVENT);
  children[2]!.report(returned);
  passes(QUIET_MS);
  expect(children).toHaveLength(4);
});

test("stopping ends the prewarmed environments and starts none", async () => {
  const { prewarmed, children, use } = createFakes();
  await use(specOf("ask"));

  await prewarmed.stop();

  expect(children[1]!.calls).toEqual(["stop"]);
});

test("output and the end of an idle environment put off no prewarmed environment", () => {
  const passes = holdTime();
  const { prewarmed, children, returned } = createFakes();
  prewarmed.start(specOf("ask"), () => {}).run(EVENT);
  children[0]!.report(returned);

  passes(QUIET_MS - 1);
  children[0]!.report({ kind: "logged", awsRequestId: undefined, stream: "stdout", text: "late" });
  children[0]!.report({ kind: "ended", end: { kind: "exited", code: 0 } });
  expect(children).toHaveLength(1);
  passes(1);

  expect(children).toHaveLength(2);
});

test.each<Report>([
  { kind: "returned", payload: "null", bytes: 4 },
  {
    kind: "failed",
    error: { errorType: "Error", errorMessage: "boom", trace: [] },
    leaving: false,
  },
])("the end of a prefetched event puts off a prewarmed environment: $kind", (ended) => {
  const passes = holdTime();
  const { prewarmed, children, returned } = createFakes();
  prewarmed.start(specOf("ask"), () => {}).run(EVENT);
  children[0]!.report(returned);

  passes(QUIET_MS - 1);
  children[0]!.report(ended);
  passes(QUIET_MS - 1);
  expect(children).toHaveLength(1);
  passes(1);

  expect(children).toHaveLength(2);
});

test.each<Report>([
  {
    kind: "failed",
    error: { errorType: "Error", errorMessage: "boom", trace: [] },
    leaving: false,
  },
  { kind: "ended", end: { kind: "exited", code: 1 } },
])("a prewarmed environment comes up after an event that did not return: $kind", (ended) => {
  const passes = holdTime();
  const { prewarmed, children } = createFakes();
  prewarmed.start(specOf("ask"), () => {}).run(EVENT);

  children[0]!.report(ended);
  passes(QUIET_MS);

  expect(children).toHaveLength(2);
});

test("an environment that ended without an event, or has ended more events than it began, hides no running one", () => {
  const passes = holdTime();
  const { prewarmed, children, returned } = createFakes();
  const end: Report = { kind: "ended", end: { kind: "exited", code: 0 } };
  prewarmed.start(specOf("unused"), () => {});
  children[0]!.report(end);
  prewarmed.start(specOf("ask"), () => {}).run(EVENT);
  for (const report of [returned, returned, returned, end]) children[1]!.report(report);
  prewarmed.start(specOf("busy"), () => {}).run(EVENT);
  passes(10 * QUIET_MS);
  expect(children).toHaveLength(3);

  children[2]!.report(returned);
  passes(QUIET_MS);
  expect(children).toHaveLength(4);
});

test("prewarmed environments come up one after the other, that of the function used last first", () => {
  const passes = holdTime();
  const { prewarmed, children, returned } = createFakes(2);
  for (const name of ["first", "second", "third", "second"]) {
    prewarmed.start(specOf(name), () => {}).run(EVENT);
    children.at(-1)!.report(returned);
  }
  const waiting = () => children.slice(4).map(({ spec }) => spec.name);

  passes(QUIET_MS);
  expect(waiting()).toEqual(["second"]);
  passes(QUIET_MS);
  expect(waiting()).toEqual(["second", "third"]);
  passes(10 * QUIET_MS);
  expect(waiting()).toEqual(["second", "third"]);
});

test("without a setting a moment is quiet after 150 ms", () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const children: ((report: Report) => void)[] = [];
  const prewarmed = createPrewarmed({
    most: 1,
    start(_, report): ChildEnvironment {
      children.push(report);
      return { assume() {}, run() {}, stop: async () => {} };
    },
  });
  onTestFinished(() => prewarmed.stop());
  prewarmed.start(specOf("ask"), () => {}).run(EVENT);
  children[0]!({ kind: "returned", payload: "null", bytes: 4 });

  vi.advanceTimersByTime(149);
  expect(children).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(children).toHaveLength(2);
});

test("after stop nothing comes up, whether it was awaited or an event ends later", async () => {
  const passes = holdTime();
  const { prewarmed, children, returned } = createFakes();
  prewarmed.start(specOf("ask"), () => {}).run(EVENT);
  prewarmed.start(specOf("late"), () => {}).run(EVENT);
  children[0]!.report(returned);

  await prewarmed.stop();
  children[1]!.report(returned);
  passes(10 * QUIET_MS);

  expect(children).toHaveLength(2);
});

test("stop resolves once the prewarmed environments are gone, with those that were dropped before", async () => {
  const passes = holdTime();
  let letGo = () => {};
  const gone = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const children: ((report: Report) => void)[] = [];
  const prewarmed = createPrewarmed({
    most: 1,
    quietMs: QUIET_MS,
    start(_, report): ChildEnvironment {
      children.push(report);
      return { assume() {}, run() {}, stop: () => gone };
    },
  });
  prewarmed.start(specOf("ask"), () => {}).run(EVENT);
  children[0]!({ kind: "returned", payload: "null", bytes: 4 });
  passes(QUIET_MS);
  prewarmed.retireOthers(new Set());
  const stopped = vi.fn();

  const stopping = prewarmed.stop().then(stopped);
  await new Promise((resolve) => setImmediate(resolve));
  expect(stopped).not.toHaveBeenCalled();
  letGo();
  await stopping;

  expect(stopped).toHaveBeenCalledTimes(1);
});

test("an environment that waited passes on what it reports, events in advance, and its end", async () => {
  const { prewarmed, children, use, returned } = createFakes();
  const spec = specOf("ask");
  await use(spec);
  const heard: Report[] = [];
  const environment = prewarmed.start(changed(spec), (report) => heard.push(report));
  environment.run(EVENT);

  children[1]!.report(returned);
  environment.run(EVENT);
  children[1]!.report(returned);
  await environment.stop();

  expect(heard).toEqual([returned, returned]);
  expect(children[1]!.calls).toEqual(["assume", "run", "run", "stop"]);
});

test("events in advance go to the environment itself", () => {
  const prefetch = { give: () => 1, takeBack: () => 0 };
  const prewarmed = createPrewarmed({
    most: 1,
    start: () => ({ assume() {}, run() {}, stop: async () => {}, prefetch }),
  });

  expect(prewarmed.start(specOf("ask"), () => {}).prefetch).toBe(prefetch);
});

test.each([
  ["another directory", { root: "/elsewhere" }],
  ["another network", { network: {} as unknown as NonNullable<FunctionSpec["network"]> }],
])("a prewarmed environment is not used with %s", async (_, more) => {
  const { prewarmed, children, use } = createFakes();
  const spec = specOf("ask");
  await use(spec);

  prewarmed.start({ ...changed(spec), ...more }, () => {}).run(EVENT);

  expect(children.map(({ calls }) => calls)).toEqual([["run"], ["stop"], ["run"]]);
});

test("a prewarmed environment suits code whose log stream is another", async () => {
  const { prewarmed, children, use } = createFakes();
  const spec = specOf("ask", { environment: { AWS_LAMBDA_LOG_STREAM_NAME: "one" } });
  await use(spec);

  const environment = { AWS_LAMBDA_LOG_STREAM_NAME: "other" };
  prewarmed.start({ ...changed(spec), environment }, () => {}).run(EVENT);

  expect(children[1]!.calls).toEqual(["assume", "run"]);
});

test.each([
  ["stay as they are", "", ["assume", "run"]],
  ["have another version", "exports.version = 2;", ["stop"]],
])("a prewarmed environment has loaded packages, which %s", async (_, text, calls) => {
  const directory = temporaryDirectory();
  const file = join(directory, "node_modules", "an-sdk", "index.js");
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, "");
  const { prewarmed, children, use } = createFakes();
  const { code } = specOf("ask");
  const sdkPackages = ["missing", "an-sdk"];
  const spec = specOf("ask", { code: { ...code, file: join(directory, "app.js"), sdkPackages } });
  await use(spec);

  if (text !== "") writeFileSync(file, text);
  prewarmed.start(changed(spec), () => {}).run(EVENT);

  expect(children[1]!.calls).toEqual(calls);
});
