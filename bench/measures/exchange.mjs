// @ts-check
// What one message and its answer cost: echo through @connections and the two-way route response.
import { startLoad } from "../load-process.mjs";
import { startBareEcho } from "../servers.mjs";
import {
  inTurn,
  memoryRow,
  serverOf,
  versusFloor,
  withLoad,
  withServers,
  wrongAnswers,
} from "./measure.mjs";

/**
 * @typedef {{ wrong: number, perSecond: number, p50: number, p99: number }} Exchange
 * @typedef {{ clients: number, action: string, rounds: number, slice: { ms?: number, messages?: number }, warmUp: number }} Plan `warmUp`: messages of each client
 * @typedef {import("./measure.mjs").Measure} Measure
 * @typedef {import("./measure.mjs").Bench} Bench
 */

/** For a slow machine: V8 counts how often code runs, so a side that did less in the same time would stay colder. */
const WARM_UP_MS = 30_000;
/**
 * The first pause runs code that no message does, for which V8 discards optimized code. So pauses are a part of
 * the warm-up.
 */
const WARM_UP_ROUNDS = 4;

/** @type {Measure} */
export const echo = {
  name: "echo",
  async run(bench) {
    const slice = { ms: 500 };
    const rounds = bench.rounds(10);
    const plan = { clients: 50, action: "echo", rounds, slice, warmUp: 160 };
    const { series, memory } = await exchange(bench, plan);
    const name = "echo through @connections, 50 connections";
    const row = { name, unit: "messages/s", target: { atLeast: 0.9 } };
    return [
      versusFloor({ ...row, failures: wrongAnswers(series) }, series, rate),
      bareRow("bare ws echo, 50 connections", "messages/s", series, rate),
      ...memory,
    ];
  },
};

/** @type {Measure} */
export const latency = {
  name: "latency",
  async run(bench) {
    const slice = { messages: 300 };
    const rounds = bench.rounds(8);
    const plan = { clients: 1, action: "echo", rounds, slice, warmUp: 2_000 };
    const { series } = await exchange(bench, plan);
    const row = { name: "echo latency, 1 connection", unit: "ms" };
    const half = { ...row, name: `${row.name}, p50`, target: { atMost: 1.15 } };
    const most = { ...row, name: `${row.name}, p99`, target: { atMost: 1.3 } };
    return [
      versusFloor({ ...half, failures: wrongAnswers(series) }, series, ({ p50 }) => p50),
      versusFloor(most, series, ({ p99 }) => p99),
      bareRow("bare ws echo, 1 connection, p50", "ms", series, ({ p50 }) => p50),
    ];
  },
};

/** @type {Measure} */
export const reply = {
  name: "reply",
  async run(bench) {
    const slice = { ms: 250 };
    const rounds = bench.rounds(10);
    const plan = { clients: 50, action: "reply", rounds, slice, warmUp: 1_000 };
    const { series } = await exchange(bench, plan);
    const name = "two-way route reply, 50 connections";
    const row = { name, unit: "messages/s", target: { atLeast: 0.8 } };
    return [versusFloor({ ...row, failures: wrongAnswers(series) }, series, rate)];
  },
};

/** @param {Exchange} result */
const rate = ({ perSecond }) => perSecond;

/** @param {Bench} bench @param {Plan} plan */
function exchange(bench, { clients, action, rounds, slice, warmUp }) {
  return withServers(bench, "round-trip", (servers) =>
    withBareEcho((bare) =>
      withLoad(startLoad(), async (load) => {
        const everyone = new Map([...servers, ["bare", bare]]);
        const names = [...everyone.keys()];
        for (const name of names) {
          const { url } = serverOf(everyone, name);
          await load.run({ kind: "open", group: name, url, count: clients });
        }
        const messages = warmUp / WARM_UP_ROUNDS;
        const ms = WARM_UP_MS / WARM_UP_ROUNDS;
        await inTurn(names, WARM_UP_ROUNDS, (name) =>
          load.run({ kind: "exchange", group: name, action, messages, ms }),
        );
        /** @type {Map<string, Exchange[]>} */
        const series = await inTurn(names, rounds, (name) =>
          load.run({ kind: "exchange", group: name, action, ...sliceOf(name, slice) }),
        );
        return { series, memory: memoryRow("the echoes", servers) };
      }),
    ),
  );
}

/**
 * @template Value
 * @param {(bare: import("./measure.mjs").Server) => Promise<Value>} use
 */
async function withBareEcho(use) {
  const bare = await startBareEcho();
  try {
    return await use(bare);
  } finally {
    await bare.stop();
  }
}

/**
 * The bare echo is only for calibration, so it gets less time. @param {string} name @param {Plan["slice"]}
 * slice
 */
function sliceOf(name, slice) {
  return name === "bare" && slice.ms !== undefined ? { ms: slice.ms / 4 } : slice;
}

/** @param {string} name @param {string} unit @param {Map<string, Exchange[]>} series @param {(result: Exchange) => number} pick */
function bareRow(name, unit, series, pick) {
  return { name, unit, base: series.get("bare")?.map(pick) ?? [], baseName: "bare ws" };
}
