// @ts-check
// How long a person waits: for the first echo after the start, and for the help.
import { spawnSync } from "node:child_process";
import { startLoad } from "../load-process.mjs";
import { inTurn, versusFloor, withLoad, wrongAnswers } from "./measure.mjs";

/**
 * @typedef {import("./measure.mjs").Bench} Bench
 * @typedef {import("./measure.mjs").Load} Load
 * @typedef {import("./measure.mjs").Measure} Measure
 * @typedef {import("../servers.mjs").App} App
 */

/** @type {Measure} */
export const coldStart = {
  name: "cold-start",
  run: (bench) => firstEchoes(bench, "cold-start", "cold start to first echo, with table"),
};

/** The same with a definition and handlers in TypeScript; the floor makes one esbuild build of them. @type {Measure} */
export const coldStartTypeScript = {
  name: "cold-start-typescript",
  run: (bench) => firstEchoes(bench, "cold-start-typescript", "cold start, all in TypeScript"),
};

/** @param {Bench} bench @param {App} app @param {string} name */
function firstEchoes(bench, app, name) {
  return withLoad(startLoad(), async (load) => {
    const names = bench.sides.map((side) => side.name);
    /** @param {string} sideName */
    const round = (sideName) => firstEcho(bench, load, app, sideName);

    await inTurn(names, 1, round); // makes the certificate authority, fills the file cache
    const series = await inTurn(names, bench.rounds(6), round);
    const failures = wrongAnswers(series);
    const row = { name, unit: "ms", target: { atMost: 1.25 }, failures };
    return [versusFloor(row, series, ({ ms }) => ms)];
  });
}

/** @param {Bench} bench @param {Load} load @param {App} app @param {string} name */
async function firstEcho(bench, load, app, name) {
  const side = bench.sides.find((candidate) => candidate.name === name);
  if (side === undefined) throw new Error(`There is no "${name}".`);
  const server = await side.start(app);
  try {
    const { wrong } = await load.run({ kind: "first-echo", url: server.url });
    return { ms: performance.now() - server.startedAt, wrong };
  } finally {
    bench.noteServer(side, server);
    await server.stop();
  }
}

/** @type {Measure} */
export const help = {
  name: "help",
  async run({ cli, rounds }) {
    const commands = new Map([["node -e 0", ["-e", "0"]]]);
    if (cli !== undefined) commands.set("product", [cli, "--help"]);
    const names = [...commands.keys()].reverse();
    /** @param {string} name */
    const round = async (name) => runToItsEnd(commands.get(name) ?? []);

    await inTurn(names, 2, round);
    const series = await inTurn(names, rounds(15), round);
    const product = series.get("product");
    const row = { name: "wsgw --help", unit: "ms", baseName: "node -e 0", target: { atMost: 1.8 } };
    return [{ ...row, ...(product && { product }), base: series.get("node -e 0") ?? [] }];
  },
};

/** @param {readonly string[]} args */
function runToItsEnd(args) {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, {
    timeout: 20_000,
    encoding: "utf8",
  });
  const ms = performance.now() - start;
  if (status !== 0) throw new Error(`"${args.join(" ")}" ended with ${status}. ${stderr}`);
  return ms;
}
