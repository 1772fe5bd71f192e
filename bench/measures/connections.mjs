// @ts-check
// A thousand clients, or five thousand, connect, each put into the table by $connect, and leave at once.
import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient, ListTablesCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { startLoad } from "../load-process.mjs";
import { inTurn, memoryRow, serverOf, versusFloor, withLoad, withServers } from "./measure.mjs";

const EMPTY_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 20;

/** @typedef {{ connectMs: number, leaveMs: number }} Visit */

/** @type {import("./measure.mjs").Measure} */
export const connections = {
  name: "connections",
  async run(bench) {
    const count = 1_000;
    const { series, row, memory } = await visits(bench, count, {
      warmUps: bench.rounds(1),
      rounds: bench.rounds(3),
    });
    const target = { atLeast: 0.9 };
    const come = { ...row, target, unit: "connections/s", name: `${row.name}, connect` };
    const both = { ...come, name: `${row.name}, connect and leave` };
    /** @param {number} ms */
    const perSecond = (ms) => (count / ms) * 1_000;
    return [
      versusFloor(come, series, ({ connectMs }) => perSecond(connectMs)),
      versusFloor(both, series, ({ connectMs, leaveMs }) => perSecond(connectMs + leaveMs)),
      ...memory,
    ];
  },
};

/** @type {import("./measure.mjs").Measure} */
export const manyConnections = {
  name: "many-connections",
  async run(bench) {
    const count = 5_000;
    const { series, row } = await visits(bench, count, { warmUps: 1, rounds: 1 });
    const come = { ...row, unit: "connections/s", name: `${row.name}, connect` };
    const leave = { ...row, unit: "ms", name: `${row.name}, table empty after all leave` };
    return [
      versusFloor({ ...come, target: { atLeast: 0.9 } }, series, ({ connectMs }) => {
        return (count / connectMs) * 1_000;
      }),
      versusFloor({ ...leave, target: { atMost: 1.2 } }, series, ({ leaveMs }) => leaveMs),
    ];
  },
};

/**
 * Connects and disconnects `count` clients at each side in turn: `warmUps` times, and then `rounds` times
 * measured.
 * @param {import("./measure.mjs").Bench} bench @param {number} count
 * @param {{ warmUps: number, rounds: number }} times
 */
function visits(bench, count, { warmUps, rounds }) {
  return withServers(bench, "connections", (servers) =>
    withLoad(startLoad(), async (load) => {
      const names = [...servers.keys()];
      /** @type {Set<string>} */
      const failures = new Set();
      /** @param {string} name */
      const round = (name) =>
        comeAndGo(load, serverOf(servers, name), count, (what) => failures.add(`${name}: ${what}`));

      await inTurn(names, warmUps, round); // failures during the warm-up count too
      /** @type {Map<string, Visit[]>} */
      const series = await inTurn(names, rounds, round);
      return {
        series,
        row: { name: `${count} connections with PutItem`, failures: [...failures] },
        memory: memoryRow("the connections", servers),
      };
    }),
  );
}

/**
 * @param {import("./measure.mjs").Load} load @param {import("./measure.mjs").Server} server
 * @param {number} count @param {(what: string) => void} fail
 * @returns {Promise<Visit>}
 */
async function comeAndGo(load, { url, dynamodbEndpoint }, count, fail) {
  const table = await openTable(dynamodbEndpoint);
  try {
    const { ms: connectMs, failed } = await load.run({
      kind: "open",
      group: "all",
      url,
      count,
    });
    if (failed > 0) fail(`${failed} connections failed`);
    const rows = await table.count();
    if (rows !== count) fail(`${rows} rows in the table instead of ${count}`);

    const start = performance.now();
    await load.run({ kind: "close", group: "all" });
    while (!(await table.isEmpty())) {
      if (performance.now() - start > EMPTY_WITHIN_MS) {
        fail(`${await table.count()} rows left`);
        break;
      }
      await sleep(LOOK_EVERY_MS);
    }
    return { connectMs, leaveMs: performance.now() - start };
  } finally {
    table.close();
  }
}

/** @param {string | undefined} endpoint */
async function openTable(endpoint) {
  if (endpoint === undefined) throw new Error("The server named no DynamoDB endpoint.");
  const credentials = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "bench" };
  const client = new DynamoDBClient({ endpoint, region: "us-east-1", credentials });
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  const [TableName] = TableNames;
  if (TableName === undefined) throw new Error("The server has no table.");

  return {
    /** All rows; a scan on the server, so it is outside the measured time. */
    count: async () =>
      (await client.send(new ScanCommand({ TableName, Select: "COUNT" }))).Count ?? 0,
    isEmpty: async () => (await client.send(new ScanCommand({ TableName, Limit: 1 }))).Count === 0,
    close: () => client.destroy(),
  };
}
