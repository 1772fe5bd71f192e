import type { ApiTable } from "../definition/project.ts";
import { WsgwError } from "../errors.ts";
import { findRunning } from "../project-directory/running.ts";
import { openControl } from "./control/client.ts";
import type { DynamoDb } from "./dynamodb/dynamodb-call.ts";
import { openItems } from "./dynamodb/items.ts";
import { readItems, readItemsFile } from "./dynamodb/items-file.ts";
import { writeItem } from "./dynamodb/rules/item-json.ts";
import { keyOf } from "./dynamodb/rules/item-keys.ts";
import { itemsFor } from "./dynamodb/seed.ts";

/**
 * A table of a running gateway. Items are plain JSON, or `{"Item":…}` if plain JSON cannot represent them.
 */
export type RunningTable = {
  readonly definition: ApiTable;
  count(): Promise<number>;
  items(): AsyncIterable<unknown>;
  /** By the values of its partition key and sort key, as strings. */
  get(key: readonly string[]): Promise<unknown>;
  /** Puts items from JSON or a file: one item, an array, or one per line. Returns their number. */
  put(from: { readonly text: string } | { readonly file: string }): Promise<number>;
  /** False if the item did not exist. */
  remove(key: readonly string[]): Promise<boolean>;
  /** Removes every item and returns their number. */
  clear(): Promise<number>;
};

export type RunningTables = {
  readonly gatewayUrl: string;
  readonly dynamodbEndpoint: string;
  readonly tables: readonly RunningTable[];
  /** By its name in the definition or in DynamoDB. Throws TABLE_UNKNOWN. */
  table(name: string): RunningTable;
};

/**
 * Opens the tables of the gateway that runs in the project at or above `cwd`, or whose state is in
 * `stateDir`, by its DynamoDB endpoint. Throws GATEWAY_NOT_FOUND if none runs, TABLE_UNKNOWN if the project
 * has no tables.
 */
export async function openRunningTables(cwd: string, stateDir?: string): Promise<RunningTables> {
  const [gateway] = await findRunning(cwd, stateDir);
  if (gateway?.control === undefined) {
    const message = `No gateway runs in ${cwd} or a parent directory.`;
    throw new WsgwError("GATEWAY_NOT_FOUND", message);
  }
  const { dynamodbEndpoint, credentials } = gateway;
  const project = await openControl(gateway.control).project();
  const definitions = Object.values(project.tables);
  if (dynamodbEndpoint === undefined || definitions.length === 0) {
    throw new WsgwError(
      "TABLE_UNKNOWN",
      `The project ${project.name} at ${gateway.url} has no tables.`,
    );
  }
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const dynamoDb = {
    endpoint: dynamodbEndpoint,
    region: project.region,
    credentials: {
      accessKeyId,
      secretAccessKey,
      ...(sessionToken !== undefined && { sessionToken }),
    },
  };
  const tables = definitions.map((definition) => openOne(definition, dynamoDb));
  return {
    gatewayUrl: gateway.url,
    dynamodbEndpoint,
    tables,
    table(name) {
      const found = tables.find(
        ({ definition }) => definition.logicalName === name || definition.name === name,
      );
      if (found !== undefined) return found;
      const names = definitions.map(({ logicalName }) => logicalName).join(", ");
      throw new WsgwError("TABLE_UNKNOWN", `There is no table "${name}". The API has ${names}.`);
    },
  };
}

function openOne(definition: ApiTable, dynamoDb: DynamoDb): RunningTable {
  const tool = openItems(dynamoDb, definition);
  const key = (values: readonly string[]) => {
    const read = keyOf(definition, values);
    if (typeof read !== "string") return read;
    throw new WsgwError("USAGE", `Table ${definition.logicalName}: ${read}`);
  };
  return {
    definition,
    count: tool.count,
    async *items() {
      for await (const item of tool.all()) yield writeItem(item);
    },
    async get(values) {
      const item = await tool.get(key(values));
      return item && writeItem(item);
    },
    async put(from) {
      const where = "file" in from ? from.file : "The item";
      const read = "file" in from ? readItemsFile(from.file) : readItems(from.text);
      if (read.kind === "unusable") {
        throw new WsgwError("SEED_INVALID", `${where} ${read.problem}.`);
      }
      const faults: string[] = [];
      const items = itemsFor(definition, read.items, (at, problem) => {
        const which = "file" in from ? `${where}: item ${at}` : where;
        faults.push(`${which} does not fit table ${definition.logicalName}: ${problem}.`);
      });
      if (faults.length > 0) throw new WsgwError("SEED_INVALID", faults.join("\n"));
      return tool.put(items);
    },
    remove: (values) => tool.remove(key(values)),
    clear: tool.clear,
  };
}
