// @ts-check
// The first event of a new environment, when the one before it has just broken.
import { setTimeout as pause } from "node:timers/promises";
import { withProject } from "../project.mjs";

/** @typedef {import("./measure.mjs").Measure} Measure */

/**
 * The handler posts the answer before it returns: another message at once would start a second environment.
 */
const BETWEEN_MESSAGES_MS = 5;

/** @type {Measure} */
export const coldEnvironment = {
  name: "cold-environment",
  async run({ cli, rounds }) {
    const row = { name: "first event of a new environment", unit: "ms", baseName: "warm" };
    if (cli === undefined) return [row];
    return [
      await withProject(cli, "mjs", async (client) => {
        /** @type {number[]} */
        const product = [];
        /** @type {number[]} */
        const base = [];
        await timed(client);
        for (let round = 0; round < rounds(10); round += 1) {
          base.push(await timed(client));
          await pause(BETWEEN_MESSAGES_MS);
          await client.ask('{"action":"echo","how":"exit"}'); // answered with an error
          product.push(await timed(client));
        }
        return { ...row, product, base };
      }),
    ];
  },
};

/** @param {import("../client.mjs").Client} client */
async function timed(client) {
  await pause(BETWEEN_MESSAGES_MS);
  const start = performance.now();
  const answer = await client.ask('{"action":"echo"}');
  if (answer !== "0") throw new Error(`A message was answered with ${answer}.`);
  return performance.now() - start;
}
