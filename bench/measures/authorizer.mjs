// @ts-check
// A connect with a Lambda authorizer, compared with one without, to which the cost of $connect is added once more.
// The product only.
import { startLoad } from "../load-process.mjs";
import { inTurn, serverOf, withLoad, withServers } from "./measure.mjs";

const CLIENTS = 1_000;

/** The API without functions, the one with `$connect`, and the one that also has an authorizer. */
const APIS = /** @type {const} */ (["bare", "open", "guarded"]);

/** @type {import("./measure.mjs").Measure} */
export const authorizer = {
  name: "authorizer",
  async run(bench) {
    const sides = bench.sides.filter(({ name }) => name === "product");
    if (sides.length === 0) return [];
    return withServers({ ...bench, sides }, "authorizer", (servers) =>
      withLoad(startLoad(), async (load) => {
        const { url } = serverOf(servers, "product");
        /** @type {Set<string>} */
        const failures = new Set();
        /** @param {string} api */
        const round = async (api) => {
          const to = new URL(`/${api}/bench`, url).href;
          const job = /** @type {const} */ ({ kind: "open", group: api, url: to, count: CLIENTS });
          const { ms, failed } = await load.run(job);
          if (failed > 0) failures.add(`${failed} connections to ${api} failed`);
          await load.run({ kind: "close", group: api });
          return ms / CLIENTS;
        };
        await inTurn(APIS, bench.rounds(3), round); // until V8 has compiled the code
        const series = await inTurn(APIS, bench.rounds(8), round);
        const [bare = [], open = [], guarded = []] = APIS.map((api) => series.get(api));
        return [
          {
            name: "a connect with an authorizer",
            unit: "ms",
            product: guarded,
            base: open.map((ms, at) => ms + (ms - (bare[at] ?? 0))),
            baseName: "one more invocation",
            target: { atMost: 1.25 },
            failures: [...failures],
          },
        ];
      }),
    );
  },
};
