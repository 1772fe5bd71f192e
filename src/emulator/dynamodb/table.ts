import type { RequestListener } from "node:http";
import { setTimeout } from "node:timers/promises";
import type { ApiTable } from "../../definition/project.ts";
import { WsgwError } from "../../errors.ts";
import { callDynamoDb, type DynamoDb, type DynamoDbAnswer, unavailable } from "./dynamodb-call.ts";
import { createDynamoDbFront, type FrontOptions } from "./front.ts";
import { createTableRequest } from "./rules/create-table.ts";
import { describeKeys, missingKeys, type TableDescription } from "./rules/existing-table.ts";
import { startDynamoDbServer } from "./server.ts";
import { checkDirectory, openStore, type Store } from "./store.ts";

/** The DynamoDB that holds the tables. */
export type TableStore =
  | ({
      readonly kind: "local";
      /** Directory for the items; undefined keeps them in memory. */
      readonly data: string | undefined;
      /** Default: any free port. */
      readonly port?: number | undefined;
    } & FrontOptions)
  | ({ readonly kind: "external" } & DynamoDb);

export type Tables = {
  /** Known before DynamoDB is ready; earlier calls wait. */
  readonly endpoint: string;
  /** Answers calls that arrive at another port; undefined for an external DynamoDB. */
  readonly listener: RequestListener | undefined;
  /** The endpoint for items. */
  readonly dynamoDb: DynamoDb;
  /** Creates the missing tables and returns them. If it throws, it has created none. */
  create(tables: readonly ApiTable[]): Promise<readonly ApiTable[]>;
  /** Deletes tables. Resolves when they are gone. */
  remove(tables: readonly ApiTable[]): Promise<void>;
  /** Does not stop an external DynamoDB. */
  stop(): Promise<void>;
};

/** The built-in DynamoDB accepts any. */
const ANY_CREDENTIALS = { accessKeyId: "wsgw", secretAccessKey: "wsgw" };

const FIRST_LOOK_MS = 2;
const LONGEST_LOOK_MS = 500;
const WITHIN_MS = 60_000;

/** Opens the address of the built-in DynamoDB, which loads at the first `create`, or uses an external one. */
export async function openTables(store: TableStore): Promise<Tables> {
  if (store.kind === "external") {
    return {
      endpoint: store.endpoint,
      listener: undefined,
      dynamoDb: store,
      create: (tables) => ensureAll(store, tables),
      remove: (tables) => removeAll(store, tables),
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
    remove: (tables) => removeAll(own, tables),
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
  const ensured = await Promise.allSettled(tables.map((table) => ensureTable(dynamoDb, table)));
  const made = tables.filter((_, index) => {
    const result = ensured[index];
    return result?.status === "fulfilled" && result.value;
  });
  const failed = ensured.find((result) => result.status === "rejected");
  if (failed === undefined) return made;
  await removeAll(dynamoDb, made);
  throw failed.reason;
}

async function removeAll(dynamoDb: DynamoDb, tables: readonly ApiTable[]): Promise<void> {
  await Promise.all(
    tables.map(async ({ name }) => {
      await callDynamoDb(dynamoDb, "DeleteTable", { TableName: name });
      await poll(async () => (await describe(dynamoDb, name)).kind === "rejected" || undefined);
    }),
  );
}

/** Whether the table was created. */
async function ensureTable(dynamoDb: DynamoDb, table: ApiTable): Promise<boolean> {
  const answer = await callDynamoDb(dynamoDb, "CreateTable", createTableRequest(table));
  if (answer.kind === "rejected" && answer.errorType !== "ResourceInUseException") {
    const why = `it rejects table ${table.name} with ${answer.errorType} ${answer.message}`.trim();
    throw unavailable(dynamoDb.endpoint, why);
  }
  const existing = await untilActive(dynamoDb, table.name);
  if (answer.kind === "done") return true;

  const missing = missingKeys(table, existing);
  if (missing.length === 0) return false;
  throw new WsgwError(
    "TABLE_DIFFERS",
    `Table ${table.name} exists with ${describeKeys(existing).join(" and ")}, but the definition has ${missing.join(" and ")}.`,
  );
}

/** DynamoDB rejects items until the table is active. */
async function untilActive(dynamoDb: DynamoDb, name: string): Promise<TableDescription> {
  const active = await poll(async () => {
    const answer = await describe(dynamoDb, name);
    if (answer.kind === "rejected") {
      const why =
        `it does not describe table ${name}: ${answer.errorType} ${answer.message}`.trim();
      throw unavailable(dynamoDb.endpoint, why);
    }
    const { Table: table } = answer.body as { readonly Table: TableDescription };
    return table.TableStatus === "ACTIVE" ? table : undefined;
  });
  if (active !== undefined) return active;
  throw unavailable(dynamoDb.endpoint, `table ${name} does not become active`);
}

function describe(dynamoDb: DynamoDb, name: string): Promise<DynamoDbAnswer> {
  return callDynamoDb(dynamoDb, "DescribeTable", { TableName: name });
}

/** Polls until there is a result; undefined after the time limit. */
async function poll<T>(look: () => Promise<T | undefined>): Promise<T | undefined> {
  const deadline = performance.now() + WITHIN_MS;
  for (let pause = FIRST_LOOK_MS; performance.now() < deadline; pause *= 2) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await setTimeout(Math.min(pause, LONGEST_LOOK_MS));
  }
  return undefined;
}
