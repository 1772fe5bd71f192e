import { rmSync, utimesSync, writeFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import type {
  Environment,
  FunctionSpec,
  Report,
} from "../../../src/emulator/lambda/environment-contract.ts";
import { withWholeFiles } from "../../../src/emulator/lambda/whole-files.ts";
import { project } from "../../readers/projects.ts";

const EVENT = { awsRequestId: "request", trace: "Root=1", event: "{}" };
const FAILED: Report = {
  kind: "failed",
  error: { errorType: "Runtime.HandlerNotFound", errorMessage: "x is not exported", trace: [] },
  leaving: true,
};
const ENDED: Report = { kind: "ended", end: { kind: "exited", code: 129 } };
const INITIALIZED: Report = { kind: "initialized", initMs: 1 };
const RETURNED: Report = { kind: "returned", payload: "null", bytes: 4 };

/** An environment of processes that are none: each event is answered as the list says, one entry a process. */
function start(
  answers: readonly (readonly Report[])[],
  countFiles = () => {},
  prefetches: readonly (Environment["prefetch"] | undefined)[] = [],
) {
  const { path } = project({ "x.js": "" });
  const file = path("x.js");
  const heard: Report[] = [];
  const processes: { stopped: boolean }[] = [];
  /** What each process was started with, has assumed and has run. */
  const steps: unknown[] = [];
  const code = {
    get files() {
      countFiles();
      return [file];
    },
  };
  const spec = { code } as unknown as FunctionSpec;
  const environment = withWholeFiles((started, report) => {
    const child = { stopped: false };
    const own = answers[processes.length] ?? [];
    const prefetch = prefetches[processes.length];
    processes.push(child);
    steps.push(["start", started.name]);
    return {
      prefetch,
      assume: ({ name }) => void steps.push(["assume", name]),
      run({ event }) {
        steps.push(["run", event]);
        own.forEach(report);
      },
      async stop() {
        child.stopped = true;
        report(ENDED);
      },
    };
  })(spec, (report) => heard.push(report));
  onTestFinished(() => environment.stop());
  const longAgo = () => utimesSync(file, new Date(0), new Date(0));
  return { environment, heard, processes, longAgo, steps, spec, file };
}

test("code that cannot be loaded while its file is written is loaded again, without reporting the failure", async () => {
  const { environment, heard, processes } = start([[FAILED], [INITIALIZED, RETURNED]]);

  environment.run(EVENT);

  await expect.poll(() => heard).toEqual([INITIALIZED, RETURNED]);
  expect(processes).toEqual([{ stopped: true }, { stopped: false }]);
});

test("what code printed whose load failed while its file was written is printed once", async () => {
  const logged: Report = { kind: "logged", awsRequestId: "request", stream: "stdout", text: "x" };
  const { environment, heard } = start([
    [logged, FAILED],
    [logged, INITIALIZED, RETURNED],
  ]);

  environment.run(EVENT);

  await expect.poll(() => heard).toEqual([logged, INITIALIZED, RETURNED]);
});

test.each(["just now", "long ago"])(
  "checks its files once for all output of a load, written %s",
  (written) => {
    const logged: Report = { kind: "logged", awsRequestId: "request", stream: "stdout", text: "x" };
    let looks = 0;
    const lines = Array.from({ length: 100 }, () => logged);
    const { environment, heard, longAgo } = start([[...lines, INITIALIZED, RETURNED]], () => {
      looks += 1;
    });
    if (written === "long ago") longAgo();

    environment.run(EVENT);

    expect(heard).toEqual([...lines, INITIALIZED, RETURNED]);
    expect(looks).toBe(1);
  },
);

test("code that cannot be loaded while no file is written fails at once", () => {
  const { environment, heard, processes, longAgo } = start([[FAILED]]);
  longAgo();

  environment.run(EVENT);

  expect(heard).toEqual([FAILED]);
  expect(processes).toHaveLength(1);
});

test("an error after the code is loaded is a failure, even while files are written", () => {
  const { environment, heard } = start([[INITIALIZED, FAILED]]);

  environment.run(EVENT);

  expect(heard).toEqual([INITIALIZED, FAILED]);
});

test("a failure after which the environment goes on is the function's own", () => {
  const own: Report = { ...FAILED, leaving: false };
  const { environment, heard } = start([[own]]);

  environment.run(EVENT);

  expect(heard).toEqual([own]);
});

test("it can be stopped while it waits for its files", async () => {
  const { environment, heard, processes } = start([[FAILED], []]);

  environment.run(EVENT);
  await environment.stop();

  expect(processes).toEqual([{ stopped: true }]); // and no further process was started
  expect(heard).toEqual([ENDED]);
});

test("code that is saved before its first event is loaded in the same process, and again in a new one", async () => {
  const { environment, heard, steps, spec } = start([[FAILED], [INITIALIZED, RETURNED]]);

  environment.assume(Object.assign(Object.create(spec), { name: "new" }));
  environment.run(EVENT);
  await expect.poll(() => heard).toEqual([INITIALIZED, RETURNED]);
  environment.run({ ...EVENT, event: "[2]" });

  expect(steps).toEqual([
    ["start", undefined],
    ["assume", "new"],
    ["run", "{}"],
    ["start", "new"],
    ["run", "{}"],
    ["run", "[2]"],
  ]);
});

test("code whose file is missing for a moment is loaded again when the file is there", async () => {
  let looks = 0;
  const started = start([[FAILED], [INITIALIZED, RETURNED]], () => {
    looks += 1;
    if (looks !== 2) return;
    writeFileSync(started.file, "");
    started.longAgo();
  });
  rmSync(started.file);

  started.environment.run(EVENT);

  await expect.poll(() => started.heard).toEqual([INITIALIZED, RETURNED]);
});

test("events are prefetched by the process that runs, unless it cannot", async () => {
  const given: string[] = [];
  const prefetch = {
    give: ({ event }: { event: string }) => given.push(event) + 6,
    takeBack: () => 3,
  };
  const answers = [[FAILED], [INITIALIZED, RETURNED]];
  expect(start(answers).environment.prefetch).toBeUndefined();
  const { environment, heard } = start(answers, () => {}, [prefetch]);

  expect(environment.prefetch?.give(EVENT)).toBe(7);
  expect(environment.prefetch?.takeBack()).toBe(3);
  environment.run(EVENT);
  await expect.poll(() => heard).toEqual([INITIALIZED, RETURNED]);

  expect(environment.prefetch?.give(EVENT)).toBe(0);
  expect(environment.prefetch?.takeBack()).toBe(0);
  expect(given).toEqual(["{}"]);
});
