// @ts-check
// One message that a handler posts to every connection, until the last has it.
import { startLoad } from "../load-process.mjs";
import { inTurn, serverOf, versusFloor, withLoad, withServers, wrongAnswers } from "./measure.mjs";

const AUDIENCES = [100, 500];
/** Environments, sockets and compiled code exist before the measured rounds. */
const WARM_UP_ROUNDS = 5;

/** @type {import("./measure.mjs").Measure} */
export const broadcast = {
  name: "broadcast",
  run: (bench) =>
    withServers(bench, "round-trip", (servers) =>
      withLoad(startLoad(), async (load) => {
        const names = [...servers.keys()];
        const results = [];
        for (const count of AUDIENCES) {
          /** @param {string} name */
          const round = (name) => load.run({ kind: "broadcast", group: `${name} ${count}` });
          for (const name of names) {
            const { url } = serverOf(servers, name);
            await load.run({ kind: "open", group: `${name} ${count}`, url, count });
          }
          await inTurn(names, WARM_UP_ROUNDS, round);
          const series = await inTurn(names, bench.rounds(9), round);
          const failures = wrongAnswers(series);
          const name = `broadcast to ${count}, last delivery`;
          const row = { name, unit: "ms", target: { atMost: 1.15 }, failures };
          results.push(versusFloor(row, series, ({ ms }) => ms));
        }
        return results;
      }),
    ),
};
