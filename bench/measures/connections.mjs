// @ts-check
// A thousand clients connect, each put into the table by $connect, and leave at once.
import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient, ListTablesCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { startLoad } from "../load-process.mjs";
import { inTurn, memoryRow, serverOf, versusFloor, withLoad, withServers } from "./measure.mjs";

const COUNT = 1_000;
const EMPTY_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 20;

/** @type {import("./measure.mjs").Measure} */
export const connections = {
  name: "connections",
  run: (bench) =>
    withServers(bench, "connections", (servers) =>
      withLoad(startLoad(), async (load) => {
        const names = [...servers.keys()];
        /** @type {Set<string>} */
        const failures = new Set();
        /** @param {string} name */
        const round = (name) =>
          comeAndGo(load, serverOf(servers, name), (what) => failures.add(`${name}: ${what}`));

        await inTurn(names, 1, round); // warms up; what fails in it counts all the same
        const series = await inTurn(names, bench.rounds(2), round);
        const name = `${COUNT} connections with PutItem`;
        const row = { unit: "connections/s", target: { atLeast: 0.9 }, failures: [...failures] };
        const come = { ...row, name: `${name}, connect` };
        const comeAndLeave = { ...row, name: `${name}, connect and leave` };
        return [
          versusFloor(come, series, ({ connectMs }) => perSecond(connectMs)),
          versusFloor(comeAndLeave, series, ({ connectMs, leaveMs }) =>
            perSecond(connectMs + leaveMs),
          ),
          ...memoryRow("the connections", servers),
        ];
      }),
    ),
};

/** @param {number} ms */
const perSecond = (ms) => (COUNT / ms) * 1_000;

/**
 * @param {import("./measure.mjs").Load} load @param {import("./measure.mjs").Server} server
 * @param {(what: string) => void} fail
 */
async function comeAndGo(load, { url, dynamodbEndpoint }, fail) {
  const table = await openTable(dynamodbEndpoint);
  try {
    const { ms: connectMs, failed } = await load.run({
      kind: "open",
      group: "all",
      url,
      count: COUNT,
    });
    if (failed > 0) fail(`${failed} connections failed`);
    const rows = await table.count();
    if (rows !== COUNT) fail(`${rows} rows in the table instead of ${COUNT}`);

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
    /** All rows; costs the server a scan, so it stands outside the measured time. */
    count: async () =>
      (await client.send(new ScanCommand({ TableName, Select: "COUNT" }))).Count ?? 0,
    isEmpty: async () => (await client.send(new ScanCommand({ TableName, Limit: 1 }))).Count === 0,
    close: () => client.destroy(),
  };
}
