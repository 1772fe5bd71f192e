// @ts-check
// How long a test waits for its gateway: the second and later ones in a process, as a test suite starts them.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** @typedef {import("./measure.mjs").Measure} Measure */

/** The harness's promise for a gateway that is not the first of its process. */
const PROMISED_MS = 50;

/** @type {Measure} */
export const gateway = {
  name: "gateway",
  async run({ cli, rounds }) {
    if (cli === undefined) return [];
    const harness = join(dirname(cli), "testing.js");
    if (!existsSync(harness)) throw new Error(`${harness} is not there.`);
    /** @type {typeof import("../../src/testing/index.ts")} */
    const { startGateway } = await import(pathToFileURL(harness).href);
    const config = fileURLToPath(new URL("../apps/connections/wsgw.config.json", import.meta.url));

    const startOne = async () => {
      const start = performance.now();
      const started = await startGateway(config);
      const ms = performance.now() - start;
      await started.stop();
      return ms;
    };
    await startOne(); // loads the code, creates the certificate authority
    /** @type {number[]} */
    const product = [];
    const count = rounds(15);
    for (let round = 0; round < count; round += 1) product.push(await startOne());

    return [
      {
        name: "second gateway in a test's process",
        unit: "ms",
        product,
        base: product.map(() => PROMISED_MS),
        baseName: "promised",
        target: { atMost: 1 },
      },
    ];
  },
};
