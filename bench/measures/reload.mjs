// @ts-check
// How long a person waits after a save: from the write of a handler's file to the first answer of its new code.
import { setTimeout as pause } from "node:timers/promises";
import { withProject } from "../project.mjs";

/**
 * @typedef {import("./measure.mjs").Bench} Bench
 * @typedef {import("./measure.mjs").Measure} Measure
 * @typedef {import("../client.mjs").Client} Client
 */

/** Maximum duration of a save, in ms. */
const ALLOWED_MS = 50;
/** Users do not save faster, because they first look at the effect of the last save. */
const BETWEEN_SAVES_MS = 1_000;
/**
 * The handler posts the answer before it returns: another message at once would start a second environment.
 */
const BETWEEN_MESSAGES_MS = 5;
const ANSWERED_WITHIN_MS = 10_000;

/** @type {Measure} */
export const reload = {
  name: "reload",
  run: async (bench) => [await saves(bench, "mjs"), await saves(bench, "ts")],
};

/** @param {Bench} bench @param {string} extension */
async function saves({ cli, rounds }, extension) {
  const name = `a save to an answer of the new code, .${extension}`;
  const row = { name, unit: "ms", baseName: "allowed", target: { atMost: 1 } };
  if (cli === undefined) return { ...row, base: [ALLOWED_MS] };
  const product = await withProject(cli, extension, async (client, save) => {
    await answerOf(client, 0);
    /** @type {number[]} */
    const series = [];
    for (let version = 1; version <= rounds(10); version += 1) {
      await pause(BETWEEN_SAVES_MS);
      const start = performance.now();
      save(version);
      await answerOf(client, version);
      series.push(performance.now() - start);
    }
    return series;
  });
  return { ...row, product, base: product.map(() => ALLOWED_MS) };
}

/**
 * Sends one message after the other until `version` answers; every message must be answered.
 * @param {Client} client @param {number} version
 */
async function answerOf(client, version) {
  const end = performance.now() + ANSWERED_WITHIN_MS;
  while (performance.now() < end) {
    const answer = await client.ask('{"action":"echo"}');
    if (answer === String(version)) return;
    if (answer !== String(version - 1)) throw new Error(`A message was answered with ${answer}.`);
    await pause(BETWEEN_MESSAGES_MS);
  }
  throw new Error(`Version ${version} did not answer within ${ANSWERED_WITHIN_MS} ms.`);
}
