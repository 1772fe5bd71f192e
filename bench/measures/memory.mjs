// @ts-check
// What connections cost in memory: those that do nothing, and a crowd that leaves while others talk.
import { startLoad } from "../load-process.mjs";
import { memoryOfTree } from "../memory.mjs";
import { startBareEcho } from "../servers.mjs";
import { inTurn, serverOf, versusFloor, withLoad, withServers } from "./measure.mjs";

const IDLE = 5_000;
const BUSY = 50;
const LEAVING = 1_000;
const LOOK_EVERY_MS = 50;
const KILOBYTES = 1_024;

/** @typedef {import("./measure.mjs").Server} Server */

/** @type {import("./measure.mjs").Measure} */
export const idleMemory = {
  name: "idle-memory",
  async run(bench) {
    const sides = bench.sides.filter(({ name }) => name === "product");
    if (sides.length === 0) return [];
    return withServers({ ...bench, sides }, "round-trip", async (servers) => {
      const bare = await startBareEcho();
      try {
        const product = await memoryOfEach(serverOf(servers, "product"));
        const base = await memoryOfEach(bare);
        if (product === undefined || base === undefined) return [];
        return [
          {
            name: `memory of each of ${IDLE} idle connections`,
            unit: "KB",
            product: [product],
            base: [base],
            baseName: "bare ws",
            target: { atMost: 3 },
          },
        ];
      } finally {
        await bare.stop();
      }
    });
  },
};

/** @type {import("./measure.mjs").Measure} */
export const peakMemory = {
  name: "peak-memory",
  run: (bench) =>
    withServers(bench, "crowd", (servers) =>
      withLoad(startLoad(), (crowd) =>
        withLoad(startLoad(), async (load) => {
          const names = [...servers.keys()];
          const series = await inTurn(names, 1, async (name) => {
            const server = serverOf(servers, name);
            return { peak: await peakOf(server, () => comeTalkAndLeave(server, load, crowd)) };
          });
          if ([...series.values()].some(([first]) => first?.peak === undefined)) return [];
          const row = {
            name: `peak memory of all processes, ${BUSY} busy and ${LEAVING} leaving`,
            unit: "MB",
            target: { atMost: 1.5 },
          };
          return [versusFloor(row, series, ({ peak }) => peak ?? 0)];
        }),
      ),
    ),
};

/**
 * Memory in KB that a connection adds to the server. A few clients connect first, so that code is loaded.
 * @param {Server} server
 */
function memoryOfEach({ url, pid }) {
  return withLoad(startLoad(), async (load) => {
    await load.run({ kind: "open", group: "first", url, count: 100 });
    await load.run({ kind: "close", group: "first" });
    const before = memoryOfTree(pid);
    await load.run({ kind: "open", group: "idle", url, count: IDLE });
    const after = memoryOfTree(pid);
    await load.run({ kind: "close", group: "idle" });
    return before === undefined || after === undefined
      ? undefined
      : ((after - before) / IDLE) * KILOBYTES;
  });
}

/** @param {Server} server @param {import("./measure.mjs").Load} load @param {import("./measure.mjs").Load} crowd */
async function comeTalkAndLeave({ url }, load, crowd) {
  await load.run({ kind: "open", group: "busy", url, count: BUSY });
  await crowd.run({ kind: "open", group: "leaving", url, count: LEAVING });
  const talking = load.run({ kind: "exchange", group: "busy", action: "echo", ms: 4_000 });
  await crowd.run({ kind: "close", group: "leaving" });
  await talking;
  await load.run({ kind: "close", group: "busy" });
}

/** @param {Server} server @param {() => Promise<void>} run */
async function peakOf({ pid }, run) {
  let peak = memoryOfTree(pid);
  const timer = setInterval(() => {
    const now = memoryOfTree(pid);
    if (now !== undefined && peak !== undefined) peak = Math.max(peak, now);
  }, LOOK_EVERY_MS);
  try {
    await run();
  } finally {
    clearInterval(timer);
  }
  return peak;
}
