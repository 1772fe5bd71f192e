// @ts-check
import { memoryOfTree } from "../memory.mjs";

/**
 * @typedef {{ atLeast: number } | { atMost: number }} Target of product ÷ base
 *
 * @typedef {{
 *   name: string,
 *   unit: string,
 *   product?: readonly number[],
 *   base?: readonly number[],
 *   baseName: string,
 *   target?: Target,
 *   failures?: readonly string[],
 * }} Result one row; two series that were measured in turn. `failures` are messages
 *
 * @typedef {{ name: "product" | "floor", start(app: import("../servers.mjs").App): Promise<Server> }} Side
 * @typedef {import("../servers.mjs").Server} Server
 * @typedef {import("../load-process.mjs").Load} Load
 *
 * @typedef {{
 *   sides: readonly Side[],
 *   cli: string | undefined,
 *   rounds(short: number): number,
 *   noteServer(side: Side, server: Server): void,
 * }} Bench `rounds` is larger in the long run; without `cli` only the floor is measured
 *
 * @typedef {{ name: string, run(bench: Bench): Promise<Result[]> }} Measure
 */

/**
 * Runs `measure` for every name in turn, `rounds` times and every other time in reverse, so that warming up
 * or slowing down favours no side. Returns the series of each name.
 * @template {string} Name, Value
 * @param {readonly Name[]} names @param {number} rounds @param {(name: Name) => Promise<Value>} measure
 */
export async function inTurn(names, rounds, measure) {
  /** @type {Map<Name, Value[]>} */
  const series = new Map(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? names : [...names].reverse();
    for (const name of order) series.get(name)?.push(await measure(name));
  }
  return series;
}

/**
 * One row from the series of both sides.
 * @template Value
 * @param {Pick<Result, "name" | "unit" | "target" | "failures">} row
 * @param {Map<string, Value[]>} series @param {(value: Value) => number} pick
 * @returns {Result}
 */
export function versusFloor(row, series, pick) {
  const product = series.get("product")?.map(pick);
  const base = series.get("floor")?.map(pick);
  return { ...row, ...(product && { product }), ...(base && { base }), baseName: "floor" };
}

/**
 * Memory of the servers' processes after the measurement; no row if /proc does not contain it.
 * @param {string} when @param {Map<string, Server>} servers
 * @returns {Result[]}
 */
export function memoryRow(when, servers) {
  /** @type {Map<string, number[]>} */
  const series = new Map();
  for (const [name, { pid }] of servers) {
    const megabytes = memoryOfTree(pid);
    if (megabytes === undefined) return [];
    series.set(name, [megabytes]);
  }
  return [
    versusFloor(
      { name: `memory of all processes after ${when}`, unit: "MB" },
      series,
      (value) => value,
    ),
  ];
}

/**
 * Starts the servers of all sides for one app, runs `use` and always stops them.
 * @template Value
 * @param {Bench} bench @param {import("../servers.mjs").App} app
 * @param {(servers: Map<string, Server>) => Promise<Value>} use
 */
export async function withServers(bench, app, use) {
  /** @type {Map<string, Server>} */
  const servers = new Map();
  try {
    for (const side of bench.sides) servers.set(side.name, await side.start(app));
    return await use(servers);
  } finally {
    for (const side of bench.sides) {
      const server = servers.get(side.name);
      if (server === undefined) continue;
      bench.noteServer(side, server);
      await server.stop();
    }
  }
}

/**
 * Starts a load generator, runs `use` and always stops it.
 * @template Value
 * @param {Load} load @param {(load: Load) => Promise<Value>} use
 */
export async function withLoad(load, use) {
  try {
    return await use(load);
  } finally {
    await load.stop();
  }
}

/** @param {Map<string, Server>} servers @param {string} name */
export function serverOf(servers, name) {
  const server = servers.get(name);
  if (server === undefined) throw new Error(`There is no "${name}".`);
  return server;
}

/**
 * The counted failures as messages for the row.
 * @param {Map<string, { wrong: number }[]>} series
 */
export function wrongAnswers(series) {
  return [...series].flatMap(([name, values]) => {
    const wrong = values.reduce((sum, value) => sum + value.wrong, 0);
    return wrong === 0 ? [] : [`${name}: ${wrong} wrong answers`];
  });
}
