import { setTimeout } from "node:timers/promises";
import type { ApiTable } from "../../definition/project.ts";
import { WsgwError } from "../../errors.ts";
import { callDynamoDb, type DynamoDb, unavailable } from "./dynamodb-call.ts";
import { openLocalDynamoDb } from "./local-dynamodb.ts";
import {
  createTableRequest,
  describeKeys,
  missingKeys,
  type TableDescription,
} from "./rules/create-table.ts";
import type { StepIntoDynamoDb } from "./stepped-dynamodb.ts";
import type { Writes } from "./watch-writes.ts";

/** Which DynamoDB holds the tables. */
export type TableStore =
  | {
      readonly kind: "local";
      /** Folder to keep the items in; undefined keeps them in memory. */
      readonly data: string | undefined;
      /** Default: any free one. */
      readonly port?: number;
      readonly region: string;
      /** Stands before every call. */
      readonly stepIn?: StepIntoDynamoDb | undefined;
      /** Called for every call that changes items, once it is answered. */
      readonly onWrites?: (writes: Writes) => void;
    }
  | ({ readonly kind: "external" } & DynamoDb);

export type Tables = {
  /** Known before the DynamoDB answers; calls made meanwhile wait. */
  readonly endpoint: string;
  /** Whom to ask about items. */
  readonly dynamoDb: DynamoDb;
  /** Creates the tables that are missing, and names them. */
  create(tables: readonly ApiTable[]): Promise<readonly string[]>;
  /** Leaves an external DynamoDB alone. */
  stop(): Promise<void>;
};

/** A DynamoDB of our own takes any. */
const ANY_CREDENTIALS = { accessKeyId: "wsgw", secretAccessKey: "wsgw" };

const FIRST_LOOK_MS = 2;
const LONGEST_LOOK_MS = 500;
const ACTIVE_WITHIN_MS = 60_000;

/** Opens the address of a DynamoDB of our own, which is loaded by the first `create`, or uses another. */
export async function openTables(store: TableStore): Promise<Tables> {
  if (store.kind === "external") {
    return {
      endpoint: store.endpoint,
      dynamoDb: store,
      create: (tables) => ensureAll(store, tables),
      stop: async () => {},
    };
  }
  const { endpoint, load, stop } = await openLocalDynamoDb({
    data: store.data,
    port: store.port ?? 0,
    stepIn: store.stepIn,
    onWrites: store.onWrites,
  });
  const own = { endpoint, region: store.region, credentials: ANY_CREDENTIALS };
  return {
    endpoint,
    dynamoDb: own,
    create(tables) {
      load();
      return ensureAll(own, tables);
    },
    stop,
  };
}

async function ensureAll(
  dynamoDb: DynamoDb,
  tables: readonly ApiTable[],
): Promise<readonly string[]> {
  const made = await Promise.all(tables.map((table) => ensureTable(dynamoDb, table)));
  return tables.filter((_, index) => made[index]).map(({ name }) => name);
}

/** Whether the table was made. */
async function ensureTable(dynamoDb: DynamoDb, table: ApiTable): Promise<boolean> {
  const answer = await callDynamoDb(dynamoDb, "CreateTable", createTableRequest(table));
  if (answer.kind === "refused" && answer.errorType !== "ResourceInUseException") {
    const why = `table ${table.name} is refused with ${answer.errorType} ${answer.message}`.trim();
    throw unavailable(dynamoDb.endpoint, why);
  }
  const existing = await untilActive(dynamoDb, table.name);
  if (answer.kind === "done") return true;

  const missing = missingKeys(table, existing);
  if (missing.length === 0) return false;
  throw new WsgwError(
    "TABLE_DIFFERS",
    `Table ${table.name} exists with ${describeKeys(existing).join(" and ")}, but is defined with ${missing.join(" and ")}.`,
  );
}

/** Until then DynamoDB refuses items. */
async function untilActive(dynamoDb: DynamoDb, name: string): Promise<TableDescription> {
  const deadline = performance.now() + ACTIVE_WITHIN_MS;
  for (let pause = FIRST_LOOK_MS; performance.now() < deadline; pause *= 2) {
    const answer = await callDynamoDb(dynamoDb, "DescribeTable", { TableName: name });
    if (answer.kind === "refused") {
      const why = `table ${name} cannot be described: ${answer.errorType} ${answer.message}`.trim();
      throw unavailable(dynamoDb.endpoint, why);
    }
    const { Table: table } = answer.body as { readonly Table: TableDescription };
    if (table.TableStatus === "ACTIVE") return table;
    await setTimeout(Math.min(pause, LONGEST_LOOK_MS));
  }
  throw unavailable(dynamoDb.endpoint, `table ${name} does not become active`);
}
