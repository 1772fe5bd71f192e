import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { createChildProcesses } from "../../../src/emulator/lambda/child-process/child-process.ts";
import type { LambdaRuntime } from "../../../src/emulator/lambda/environment-contract.ts";
import { makeProject } from "../../bundle/project.ts";
import { buildLambdaChild, runFunction } from "../../contracts/lambda-setup.ts";

beforeAll(buildLambdaChild);

/** A runtime that counts the events that are handed ahead, how often some are taken back, and those passed over. */
function counted() {
  const runtime = createChildProcesses();
  const counts = { given: 0, takenBack: 0, skipped: 0 };
  const start: LambdaRuntime["start"] = (spec, report) => {
    const environment = runtime.start(spec, (each) => {
      if (each.kind === "skipped") counts.skipped += 1;
      report(each);
    });
    const { prefetch } = environment;
    if (prefetch === undefined) return environment;
    return {
      ...environment,
      prefetch: {
        give(event) {
          counts.given += 1;
          return prefetch.give(event);
        },
        takeBack() {
          counts.takenBack += 1;
          return prefetch.takeBack();
        },
      },
    };
  };
  return { runtime: { ...runtime, start }, counts };
}

/** After so long without an answer what was handed prefetch is taken back. */
const SILENCE_MS = 10;
/** A storm takes more of them when none of its answers has met the take-back by then, which is rare. */
const ROUNDS = 8;
const MOST_ROUNDS = 60;

/** The same numbers from 0 to 1 each time. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

async function start(handler: string, realTime = false) {
  const { root } = makeProject({ "probe.mjs": handler });
  const { runtime, counts } = counted();
  const run = await runFunction(runtime, { handler: "probe.handler", root, realTime });
  const invokeAll = (bodies: readonly string[]) => Promise.all(bodies.map(run.invoke));
  await invokeAll(["first", "second"]);
  return { ...run, root, counts, invokeAll };
}

test.skipIf(process.platform === "win32")(
  "in a rush of events that take now short and now long each runs once, and gets its own answer",
  async () => {
    const { root, counts, invokeAll, facts } = await start(`
      import { appendFileSync } from "node:fs";
      import { setTimeout } from "node:timers/promises";
      export async function handler({ body }) {
        appendFileSync("ran.txt", body + "\\n");
        const [, what] = body.split(" ");
        if (what === "waits") await setTimeout(30);
        if (what === "computes") for (const end = Date.now() + 30; Date.now() < end; );
        return body;
      }
    `);
    const kinds = ["short", "waits", "short", "short", "computes", "short", "short", "short"];
    const bodies = Array.from(
      { length: 800 },
      (_, at) => `${at} ${at % 20 === 0 ? kinds[(at / 20) % 8] : "short"}`,
    );

    const outcomes = await invokeAll(bodies);

    expect(outcomes).toEqual(
      bodies.map((body) => ({ kind: "returned", payload: JSON.stringify(body) })),
    );
    const ran = readFileSync(join(root, "ran.txt"), "utf8").trim().split("\n").slice(2);
    expect(ran.sort()).toEqual([...bodies].sort());
    const told = facts("function.started").map(({ awsRequestId }) => awsRequestId);
    expect(new Set(told).size).toBe(bodies.length + 2);
    expect(
      facts("function.ended")
        .map(({ awsRequestId }) => awsRequestId)
        .sort(),
    ).toEqual(told.sort());
    expect(counts.given).toBeGreaterThan(100);
    expect(counts.takenBack).toBeGreaterThan(0);
  },
);

test.skipIf(process.platform === "win32")(
  "in a storm of events that answer just as they are taken back each gets its own answer",
  { tags: ["journey"] },
  async () => {
    const { counts, invokeAll } = await start(
      `
      import { setTimeout } from "node:timers/promises";
      export async function handler({ body }) {
        const [, what, ms] = body.split(" ");
        if (what === "waits") await setTimeout(Number(ms));
        if (what === "computes") for (const end = Date.now() + Number(ms); Date.now() < end; );
        return body;
      }
    `,
      true,
    );
    const random = createRandom(7);
    const kind = () => (random() < 0.06 ? "waits" : random() < 0.03 ? "computes" : "short");
    let sent = 0;
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      if (round >= ROUNDS && counts.takenBack > 0 && counts.skipped > 0) break;
      const bodies = Array.from(
        { length: 300 },
        () => `${++sent} ${kind()} ${SILENCE_MS + Math.floor(random() * 4)}`,
      );

      const outcomes = await invokeAll(bodies);

      expect(outcomes).toEqual(
        bodies.map((body) => ({ kind: "returned", payload: JSON.stringify(body) })),
      );
    }
    expect(counts.takenBack).toBeGreaterThan(0);
    expect(counts.skipped).toBeGreaterThan(0);
  },
);

test.skipIf(process.platform === "win32")(
  "an endless loop holds up no event but its own",
  async () => {
    const { counts, invokeAll, invoke } = await start(`
      export async function handler({ body }) {
        while (body === "loop");
        return body;
      }
    `);
    const short = (from: number) => Array.from({ length: 60 }, (_, at) => `${from + at}`);

    const before = invokeAll(short(0));
    void invoke("loop");
    const after = await invokeAll(short(60));
    await before;

    expect(after.map((outcome) => outcome.kind)).toEqual(Array(60).fill("returned"));
    expect(counts.given).toBeGreaterThan(0);
  },
);

test.skipIf(process.platform === "win32")(
  "reports for no event less time than it took, however many answers arrive at once",
  { tags: ["journey"] },
  async () => {
    const spinning = `
      export async function handler() {
        for (const end = performance.now() + 1; performance.now() < end; );
      }
    `;
    const { counts, invokeAll, facts } = await start(spinning, true);

    await invokeAll(Array.from({ length: 300 }, () => "spins"));

    const durations = facts("function.ended").map(({ durationMs }) => durationMs);
    expect(Math.min(...durations.slice(2))).toBeGreaterThanOrEqual(1);
    expect(counts.given).toBeGreaterThan(0);
  },
);
