import type { RequestListener } from "node:http";
import { setTimeout } from "node:timers/promises";
import type { ApiTable } from "../../definition/project.ts";
import { WsgwError } from "../../errors.ts";
import { callDynamoDb, type DynamoDb, unavailable } from "./dynamodb-call.ts";
import { createDynamoDbFront, type FrontOptions } from "./front.ts";
import {
  createTableRequest,
  describeKeys,
  missingKeys,
  type TableDescription,
} from "./rules/create-table.ts";
import { startDynamoDbServer } from "./server.ts";
import { checkDirectory, openStore, type Store } from "./store.ts";

/** Which DynamoDB holds the tables. */
export type TableStore =
  | ({
      readonly kind: "local";
      /** Folder to keep the items in; undefined keeps them in memory. */
      readonly data: string | undefined;
      /** Default: any free one. */
      readonly port?: number | undefined;
    } & FrontOptions)
  | ({ readonly kind: "external" } & DynamoDb);

export type Tables = {
  /** Known before the DynamoDB answers; calls made meanwhile wait. */
  readonly endpoint: string;
  /** Answers calls that arrive at another port; undefined for an external DynamoDB. */
  readonly listener: RequestListener | undefined;
  /** Whom to ask about items. */
  readonly dynamoDb: DynamoDb;
  /** Creates the tables that are missing, and returns them. */
  create(tables: readonly ApiTable[]): Promise<readonly ApiTable[]>;
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
      listener: undefined,
      dynamoDb: store,
      create: (tables) => ensureAll(store, tables),
      stop: async () => {},
    };
  }
  return openOwnTables(store);
}

async function openOwnTables(
  options: Extract<TableStore, { readonly kind: "local" }>,
): Promise<Tables> {
  const { data, region, accountId, journal } = options;
  if (data !== undefined) await checkDirectory(data);
  const { listener, open } = createDynamoDbFront(options);
  const { endpoint, stop } = await startDynamoDbServer(options.port ?? 0, listener);
  let store: Store | undefined;
  const load = (): void => {
    if (store !== undefined) return;
    store = openStore({
      data,
      home: region,
      accountId,
      onThrown(operation, error) {
        const message = `The built-in DynamoDB failed in ${operation}: ${error.message}.`;
        journal.record({ type: "warning", message });
      },
    });
    open(store);
  };
  const own = { endpoint, region, credentials: ANY_CREDENTIALS };
  return {
    endpoint,
    listener,
    dynamoDb: own,
    create(tables) {
      load();
      return ensureAll(own, tables);
    },
    async stop() {
      await stop();
      await store?.close();
    },
  };
}

async function ensureAll(
  dynamoDb: DynamoDb,
  tables: readonly ApiTable[],
): Promise<readonly ApiTable[]> {
  const made = await Promise.all(tables.map((table) => ensureTable(dynamoDb, table)));
  return tables.filter((_, index) => made[index]);
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
