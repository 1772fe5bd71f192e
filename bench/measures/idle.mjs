// @ts-check
// What connections that do nothing cost those that do something. The product only: its base is itself.
import { startLoad } from "../load-process.mjs";
import { inTurn, serverOf, withLoad, withServers, wrongAnswers } from "./measure.mjs";

const BUSY = 10;
const IDLE = 1_000;

/** @type {import("./measure.mjs").Measure} */
export const idle = {
  name: "idle",
  async run(bench) {
    const sides = bench.sides.filter(({ name }) => name === "product");
    if (sides.length === 0) return [];
    return withServers({ ...bench, sides }, "round-trip", (servers) =>
      withLoad(startLoad(), (crowd) =>
        withLoad(startLoad(), async (load) => {
          const { url } = serverOf(servers, "product");
          /** @param {number} ms */
          const talk = (ms) => load.run({ kind: "exchange", group: "busy", action: "echo", ms });
          await load.run({ kind: "open", group: "busy", url, count: BUSY });
          await talk(2_000);

          /** @type {string[]} */
          const failures = [];
          const series = await inTurn(["none", "idle"], bench.rounds(6), async (name) => {
            if (name === "none") return talk(600);
            const { failed } = await crowd.run({ kind: "open", group: "idle", url, count: IDLE });
            if (failed > 0) failures.push(`${failed} idle connections failed`);
            const result = await talk(600);
            await crowd.run({ kind: "close", group: "idle" });
            await talk(100); // ensures that closing has ended before the next round
            return result;
          });
          const [base = [], product = []] = /** @type {const} */ (["none", "idle"]).map((name) =>
            series.get(name)?.map(({ perSecond }) => perSecond),
          );
          const row = {
            name: `${IDLE} idle connections beside ${BUSY} busy`,
            unit: "messages/s",
            baseName: "none idle",
          };
          return [
            {
              ...row,
              product,
              base,
              target: { atLeast: 0.95 },
              failures: [...failures, ...wrongAnswers(series)],
            },
          ];
        }),
      ),
    );
  },
};
