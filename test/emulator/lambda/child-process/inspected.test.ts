import { expect, test } from "vitest";
import { createInspected } from "../../../../src/emulator/lambda/child-process/inspected.ts";
import type {
  EnvironmentEvent,
  Report,
} from "../../../../src/emulator/lambda/environment-contract.ts";
import { plainSpec } from "../plain-spec.ts";

const EVENT: EnvironmentEvent = { awsRequestId: "request", trace: "Root=1", event: "{}" };
const KILLED: Report = { kind: "ended", end: { kind: "signalled", signal: "SIGKILL" } };
const EXITED: Report = { kind: "ended", end: { kind: "exited", code: 1 } };
const said = (text: string, stream: "stdout" | "stderr" = "stderr"): Report => {
  return { kind: "logged", awsRequestId: undefined, stream, text };
};

/** Debugged environments of processes that do what the test says. */
function inspect() {
  const processes: {
    port: number | undefined;
    run: string[];
    report: (report: Report) => void;
  }[] = [];
  const listening: unknown[] = [];
  const broken: string[] = [];
  const start = createInspected({
    start({ debugPort }, report) {
      const run: string[] = [];
      processes.push({ port: debugPort, run, report });
      return {
        run: ({ event }) => void run.push(event),
        stop: async () => report(KILLED),
      };
    },
    portOf: () => 0,
    onListening: (inspected) => void listening.push(inspected),
    onBroken: (name) => void broken.push(name),
  });
  const open = () => {
    const heard: Report[] = [];
    return { heard, environment: start(plainSpec("/app.js"), (report) => heard.push(report)) };
  };
  return { open, processes, listening, broken };
}

test("an environment starts when the one before has gone, on the port where that listened", async () => {
  const { open, processes, listening } = inspect();
  const first = open();
  await Promise.resolve();
  processes[0]!.report(said("Debugger listening on ws://127.0.0.1:9229/an-id"));

  const second = open();
  second.environment.run(EVENT);
  await Promise.resolve();
  expect(processes).toMatchObject([{ port: 0 }]);
  await first.environment.stop();
  await expect.poll(() => processes).toMatchObject([{ port: 0 }, { port: 9229, run: ["{}"] }]);

  expect(listening).toEqual([
    { functionName: "probe", port: 9229, url: "ws://127.0.0.1:9229/an-id" },
  ]);
});

test("what Node says about its inspector is not the function's, what the function prints is", async () => {
  const { open, processes, listening } = inspect();
  const { heard } = open();
  await Promise.resolve();
  const [{ report }] = processes as [(typeof processes)[0]];

  for (const text of [
    "Debugger listening on ws://127.0.0.1:9229/an-id",
    "For help, see: https://nodejs.org/en/docs/inspector",
    "Debugger attached.",
    "Debugger ending on ws://127.0.0.1:9229/an-id",
    "Waiting for the debugger to disconnect...",
  ]) {
    report(said(text));
  }
  const own = [
    said("Debugger listening on ws://127.0.0.1:1/x", "stdout"),
    said("> Debugger attached."),
    said("oh"),
  ];
  own.forEach(report);

  expect(heard).toEqual(own);
  expect(listening).toHaveLength(1);
});

test.each<[string, Report]>([
  ["ends", EXITED],
  [
    "fails and leaves",
    {
      kind: "failed",
      error: { errorType: "Error", errorMessage: "", trace: [] },
      leaving: true,
    },
  ],
])("an environment that has run an event and %s is reported as broken", async (_, how) => {
  const { open, processes, broken } = inspect();
  const { environment } = open();
  await Promise.resolve();

  environment.run(EVENT);
  processes[0]!.report(how);
  if (how !== EXITED) {
    expect(broken).toEqual([]); // what is left of it may still listen
    await environment.stop();
  }

  expect(broken).toEqual(["probe"]);
});

test.each<[string, (opened: ReturnType<ReturnType<typeof inspect>["open"]>) => unknown]>([
  ["is stopped", ({ environment }) => environment.stop()],
  ["goes on after a failure of its code", () => {}],
])("an environment that %s is not broken", async (_, end) => {
  const { open, processes, broken } = inspect();
  const opened = open();
  await Promise.resolve();
  opened.environment.run(EVENT);
  const error = { errorType: "Error", errorMessage: "", trace: [] };
  processes[0]!.report({ kind: "failed", error, leaving: false });

  await end(opened);

  await opened.environment.stop();
  expect(broken).toEqual([]);
});

test("an environment that ends before it has run an event is not broken", async () => {
  const { open, processes, broken } = inspect();
  const { heard } = open();
  await Promise.resolve();

  processes[0]!.report(EXITED);

  expect(heard).toEqual([EXITED]);
  expect(broken).toEqual([]);
});

test("an environment that is stopped before it starts never does, and the next one does", async () => {
  const { open, processes } = inspect();
  const first = open();
  await Promise.resolve();
  const second = open();
  const third = open();

  let isOver = false;
  const stopped = second.environment.stop().then(() => {
    isOver = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(isOver).toBe(false); // the first is not gone yet
  await first.environment.stop();
  await stopped;

  await expect.poll(() => processes).toHaveLength(2);
  expect(second.heard).toEqual([KILLED]);
  expect(third.heard).toEqual([]);
});

test("an environment that has started runs each event that it gets", async () => {
  const { open, processes } = inspect();
  const { environment } = open();
  environment.run(EVENT);
  await Promise.resolve();

  environment.run({ ...EVENT, event: "[2]" });

  expect(processes[0]!.run).toEqual(["{}", "[2]"]);
});
