import { dirname } from "node:path";
import type { ApiDefinition } from "../api.ts";
import type { Opening } from "../client.ts";
import { openTable, type TestTable } from "../emulator/adapters/table-items.ts";
import { createManualClock } from "../emulator/clock.ts";
import { type Emulator, type EmulatorOptions, startEmulator } from "../emulator/emulator.ts";
import { WsgwError } from "../errors.ts";
import type { Fact } from "../journal.ts";
import { loadConfig } from "../sources/config-file.ts";
import { type Duration, toMs } from "./duration.ts";
import { createFactReader, type EntryOf } from "./facts.ts";
import {
  type ConnectOptions,
  openTestClient,
  type TestClient,
  toTestClient,
} from "./test-client.ts";

export type GatewayOptions = Pick<
  EmulatorOptions,
  | "handlers"
  | "limits"
  | "environments"
  | "nullIsSuccess"
  | "runtime"
  | "dataDir"
  | "dynamodbEndpoint"
  | "allowAws"
> & {
  /** Folder that handlers are relative to. Default: that of the config file, else the working folder. */
  readonly root?: string;
  /** Where the clock of the gateway starts, in epoch ms. Default: now. */
  readonly startAt?: number;
  /** How long `fact()` waits, in ms of real time. Default 5,000. */
  readonly waitMs?: number;
};

/** A whole gateway inside a test: port 0, tables of its own, a clock that only the test moves. */
export type TestGateway = Omit<Emulator, "update" | "reload" | "inputs" | "idle"> & {
  /** Connects a client. Fails with CONNECTION_REFUSED when the handshake is refused. */
  connect(options?: ConnectOptions): Promise<TestClient>;
  /** Tries to connect: the client, or the HTTP answer of a refused handshake. */
  handshake(options?: ConnectOptions): Promise<Opening>;
  readonly clock: {
    /** Epoch ms. */
    now(): number;
    /** Moves the gateway's time on: idle and age limits, integration and function timeouts. */
    advance(duration: Duration): Promise<void>;
  };
  /** The first fact of a type that matches, recorded already or to come. */
  fact<Type extends Fact["type"]>(
    type: Type,
    matches?: (entry: EntryOf<Type>) => boolean,
  ): Promise<EntryOf<Type>>;
  /** All facts of a type so far. */
  facts<Type extends Fact["type"]>(type: Type): readonly EntryOf<Type>[];
  /** Resolves when no handler runs for anybody. */
  settled(): Promise<void>;
  /** A table by its name in the definition. */
  table(logicalName: string): TestTable;
  [Symbol.asyncDispose](): Promise<void>;
};

/** Longer than any function may run: what still runs when the gateway stops times out at once. */
const END_OF_TIME_MS = 1_000_000;

/** In process an environment costs little, so every event that overlaps gets one at once. */
const AS_ON_AWS = { growthDelayMs: 0, maxEnvironments: 1000 };

/**
 * Starts a gateway for a test, from a definition or from the path of a config file. Handlers run in
 * the test's own process unless `runtime` says otherwise; `handlers` runs functions of the test in
 * place of files.
 */
export async function startGateway(
  definition: ApiDefinition | string,
  options: GatewayOptions = {},
): Promise<TestGateway> {
  const { startAt, waitMs = 5_000, root, runtime = "in-process", ...rest } = options;
  const source = await readDefinition(definition, root);
  const clock = createManualClock(startAt ?? Date.now());
  const emulator = await startEmulator({
    ...rest,
    ...source,
    runtime,
    environments: { ...(runtime === "in-process" ? AS_ON_AWS : {}), ...rest.environments },
    clock,
    port: 0,
  });
  const facts = createFactReader(emulator.journal);

  const handshake = (connect: ConnectOptions = {}): Promise<Opening> =>
    openTestClient(emulator.url, connect);

  async function stop(): Promise<void> {
    const stopped = emulator.stop();
    clock.advance(END_OF_TIME_MS);
    await stopped;
  }

  return {
    ...emulator,
    get api() {
      return emulator.api; // a spread would keep the first one
    },
    handshake,
    async connect(connect = {}) {
      const opening = await handshake(connect);
      if (opening.kind === "refused") throw refused(opening);
      const requestId = opening.headers["x-amzn-requestid"];
      const { connectionId } = await facts.first(
        "connection.requested",
        (entry) => entry.handshakeId === requestId,
        waitMs,
      );
      return toTestClient(opening.client, connectionId);
    },
    clock: {
      now: clock.now,
      async advance(duration) {
        clock.advance(toMs(duration));
      },
    },
    fact: (type, matches = () => true) => facts.first(type, matches, waitMs),
    facts: facts.all,
    settled: emulator.idle,
    table(logicalName) {
      const table = emulator.api.tables[logicalName];
      if (table === undefined || emulator.dynamodbEndpoint === undefined) {
        const names = Object.keys(emulator.api.tables).join(", ");
        throw new WsgwError(
          "USAGE",
          `The API has no table "${logicalName}"; it has ${names || "none"}.`,
        );
      }
      return openTable(emulator.dynamodbEndpoint, table.name, emulator.credentials);
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function readDefinition(
  definition: ApiDefinition | string,
  root: string | undefined,
): Promise<Pick<EmulatorOptions, "definition" | "source" | "root">> {
  if (typeof definition !== "string") {
    return { definition, ...(root !== undefined && { root }) };
  }
  const loaded = await loadConfig({ cwd: process.cwd(), file: definition });
  return { definition: loaded.definition, source: definition, root: root ?? dirname(loaded.file) };
}

function refused(opening: Extract<Opening, { kind: "refused" }>): WsgwError {
  return new WsgwError(
    "CONNECTION_REFUSED",
    `The handshake was refused with HTTP ${opening.statusCode}: ${opening.body}`,
  );
}
