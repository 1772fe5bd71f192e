import { randomInt, randomUUID } from "node:crypto";
import { dirname } from "node:path";
import type { Opening } from "../client/client.ts";
import { withLimit } from "../client/waiting.ts";
import { createManualClock } from "../clock.ts";
import type { ApiDefinition, ProjectDefinition } from "../definition/project.ts";
import type { WebSocketEvent } from "../emulator/apigateway/rules/events.ts";
import { openTestTable, type TestTable } from "../emulator/dynamodb/items.ts";
import { type Emulator, type EmulatorOptions, startEmulator } from "../emulator/emulator.ts";
import type { Fact } from "../emulator/facts.ts";
import { WsgwError } from "../errors.ts";
import { loadConfig } from "../readers/config/config-file.ts";
import { type ConnectOptions, openFrom, urlFor } from "./connecting.ts";
import { type Duration, toMs } from "./duration.ts";
import { createFactReader, type EntryOf, type FactFilter } from "./facts.ts";
import { failure } from "./failure.ts";
import { createFaultParts, type Faults } from "./faults/faults.ts";
import type { GatewayOptions } from "./gateway-options.ts";
import { failUnlessKnown } from "./known-names.ts";
import {
  type Invocation,
  invocationsIn,
  type OpenConnection,
  openConnectionsIn,
  type Post,
  postsIn,
} from "./looking.ts";
import { moveTime } from "./moving-time.ts";
import { createSettling } from "./settle.ts";
import { tellStarted } from "./started.ts";
import { restOf, stopInTime } from "./stopping.ts";
import { createTestClient, type TestClient, type WaitOptions } from "./test-client.ts";
import { lastFactsText, traceText } from "./trace.ts";

/** What became of a handshake: a client, or the HTTP answer. */
export type HandshakeResult =
  | (Pick<Extract<Opening, { readonly kind: "open" }>, "kind" | "headers"> & {
      readonly client: TestClient;
    })
  | Extract<Opening, { readonly kind: "refused" }>;

type Hidden = "update" | "reload" | "fault" | "inputs" | "idle" | "flushed" | "callsUnderWay";

/** A whole gateway inside a test: port 0, tables of its own, a clock that only the test moves. */
export type TestGateway = Omit<Emulator, Hidden> & {
  /** Connects a client. Fails with CONNECTION_REFUSED when the handshake is refused. */
  connect(options?: ConnectOptions): Promise<TestClient>;
  /** Tries to connect: the client, or the HTTP answer of a refused handshake. */
  handshake(options?: ConnectOptions): Promise<HandshakeResult>;
  readonly clock: {
    /** Epoch ms. */
    now(): number;
    /**
     * Moves the gateway's time on: idle and age limits, integration and function timeouts, what faults hold
     * back, and timers of handlers with `virtualTime`. What was sent before arrives before. Fails with
     * USAGE for what is no duration.
     */
    advance(duration: Duration): Promise<void>;
  };
  /** What can be made to go wrong. */
  readonly faults: Faults;
  /**
   * The first fact of a type that passes the filter, recorded already or to come. Fails with
   * WAIT_TIMED_OUT, telling the last facts.
   */
  fact<Type extends Fact["type"]>(type: Type, filter?: FactFilter<Type>): Promise<EntryOf<Type>>;
  /** All such facts so far. */
  facts<Type extends Fact["type"]>(type: Type, filter?: FactFilter<Type>): readonly EntryOf<Type>[];
  /**
   * Resolves when no frame is under way in either direction, no handler runs, no post is under way and no
   * `$disconnect` is outstanding. Fails with WAIT_TIMED_OUT, telling what still runs.
   */
  settled(options?: WaitOptions): Promise<void>;
  /** The connections that are open now, in the order in which they were opened. */
  readonly connections: readonly OpenConnection[];
  /** The runs of a function, or of all, oldest first. Throws USAGE for a function that the API has not. */
  invocations<Event = WebSocketEvent>(functionName?: string): readonly Invocation<Event>[];
  /** What was posted to a connection, or to all, and how each post was answered. */
  posts(connectionId?: string): readonly Post[];
  /** A table by its name in the definition. Throws USAGE for one that the API has not. */
  table(logicalName: string): TestTable;
  /** What has happened, as text for a person: each fact below the one that caused it. */
  trace(): string;
  /** The same as `stop()`. */
  [Symbol.asyncDispose](): Promise<void>;
};

/** The built-in DynamoDB takes any; by these it is told that the test itself calls. */
const OWN_KEYS = { accessKeyId: "wsgw-harness", secretAccessKey: "wsgw-harness" };

const SEEDS = 2 ** 32;

/** In process an environment costs little, so every event that overlaps gets one at once. */
const AS_ON_AWS = { growthDelayMs: 0, maxEnvironments: 1000, maxTotal: 1000 };

/**
 * Starts a gateway for a test, from a definition or from the path of a config file. Handlers run in
 * the test's own process unless `runtime` says otherwise; `handlers` runs functions of the test in
 * place of files. Fails with a WsgwError as `wsgw dev` does: CONFIG_NOT_FOUND, CONFIG_INVALID,
 * HANDLER_INVALID …
 */
export async function startGateway(
  definition: ApiDefinition | ProjectDefinition | string,
  options: GatewayOptions = {},
): Promise<TestGateway> {
  const { startAt, waitMs = 5_000, root, runtime = "in-process", seed, ...rest } = options;
  const { strict = true } = options;
  if (rest.virtualTime === true && runtime !== "in-process") {
    const why = "handlers in processes of their own have the machine's time";
    throw new WsgwError("USAGE", `virtualTime needs the in-process runtime: ${why}.`);
  }
  const source = await readDefinition(definition, root);
  const clock = createManualClock(startAt ?? Date.now());
  const sourceIpHeader = `x-wsgw-source-${randomUUID()}`;
  const ownKeys = rest.dynamodbEndpoint === undefined ? OWN_KEYS : undefined;
  const faulty = createFaultParts(clock, seed ?? randomInt(SEEDS), OWN_KEYS.accessKeyId);
  const emulator = await startEmulator({
    ...rest,
    ...source,
    runtime,
    strict,
    environments: { ...(runtime === "in-process" ? AS_ON_AWS : {}), ...rest.environments },
    clock,
    port: 0,
    keepFacts: Number.POSITIVE_INFINITY,
    sourceIpHeader,
    interference: faulty.interference,
  });
  const { flushed: _, update: __, reload: ___, inputs: ____, idle: _____, ...seen } = emulator;
  const { callsUnderWay, fault: ______, functions: _______, ...shown } = seen;
  const entries = emulator.journal.entries;
  const lastFacts = (): string => lastFactsText(entries());
  const facts = createFactReader(emulator.journal, lastFacts);
  const settling = createSettling(emulator, waitMs);

  function settled({ timeoutMs = waitMs }: WaitOptions = {}): Promise<void> {
    return withLimit(settling.settled(), timeoutMs, () => {
      const left = settling.outstanding();
      const which = left.length === 0 ? "." : `: ${left.join(", ")}.`;
      const said = `The gateway did not settle within ${timeoutMs} ms${which}`;
      return failure("WAIT_TIMED_OUT", said, lastFacts);
    });
  }

  async function open(connect: ConnectOptions): Promise<HandshakeResult> {
    const opening = await openFrom(urlFor(emulator.apis, connect), connect, sourceIpHeader);
    if (opening.kind === "refused") return opening;
    const handshakeId = String(opening.headers["x-amzn-requestid"]);
    const requested = await facts.first("connection.requested", { handshakeId }, waitMs);
    const { connectionId } = requested;
    const own = createTestClient(opening.client, { connectionId, waitMs, settled, lastFacts });
    const { client } = own;
    settling.add({ connectionId, closed: client.closed, isLeaving: own.isLeaving });
    faulty.addClient(client);
    return { kind: "open", headers: opening.headers, client };
  }

  const handshake = (connect: ConnectOptions = {}): Promise<HandshakeResult> =>
    settling.opening(open(connect));

  const lastFact = (): number => entries().at(-1)?.seq ?? 0;
  let stoppedAfter: number | undefined;

  async function stop(): Promise<void> {
    faulty.stop();
    stoppedAfter ??= lastFact();
    await stopInTime(emulator, {
      clock,
      running: () => settling.outstanding().length > 0,
      rest: () => restOf(runtime, callsUnderWay, waitMs),
    });
  }

  function tableAt(logicalName: string): TestTable {
    failUnlessKnown("table", logicalName, emulator.project.tables);
    const table = emulator.project.tables[logicalName];
    const { dynamodbEndpoint, credentials } = emulator;
    if (table === undefined || dynamodbEndpoint === undefined) {
      throw new Error(`There is no DynamoDB for table ${logicalName}.`);
    }
    const { region } = emulator;
    return openTestTable(
      { endpoint: dynamodbEndpoint, region, credentials: ownKeys ?? credentials },
      table,
    );
  }

  const faults = faulty.attach({
    emulator,
    table: tableAt,
    hasOwnTables: ownKeys !== undefined,
    lost: settling.lost,
    lastFacts,
  });

  tellStarted({
    lastFact,
    isStopped: () => stoppedAfter !== undefined,
    trace: (after) => traceText(entries().slice(0, stoppedAfter), after),
  });

  return {
    ...shown,
    get project() {
      return emulator.project; // a spread would keep the first one
    },
    get apis() {
      return emulator.apis;
    },
    get functions() {
      return emulator.functions;
    },
    handshake,
    async connect(connect = {}) {
      const result = await handshake(connect);
      if (result.kind === "open") return result.client;
      const said = `The handshake was refused with HTTP ${result.statusCode}: ${result.body}`;
      throw failure("CONNECTION_REFUSED", said, lastFacts);
    },
    clock: {
      now: clock.now,
      async advance(duration) {
        const ms = toMs(duration);
        await settling.arrived();
        await moveTime(clock, ms, () => callsUnderWay() - faulty.heldCalls(), waitMs);
      },
    },
    faults,
    fact: (type, filter) => facts.first(type, filter, waitMs),
    facts: facts.all,
    settled,
    get connections() {
      return openConnectionsIn(entries());
    },
    invocations<Event>(functionName?: string) {
      const all = invocationsIn(entries()) as readonly Invocation<Event>[];
      if (functionName === undefined) return all;
      failUnlessKnown("function", functionName, emulator.project.functions);
      return all.filter((invocation) => invocation.functionName === functionName);
    },
    posts: (connectionId) =>
      postsIn(entries()).filter(
        (post) => connectionId === undefined || post.connectionId === connectionId,
      ),
    table: tableAt,
    trace: () => traceText(entries()),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** A definition, or that of a config file, with the folder that its handlers are relative to. */
async function readDefinition(
  definition: ApiDefinition | ProjectDefinition | string,
  root: string | undefined,
): Promise<Pick<EmulatorOptions, "definition" | "source" | "root">> {
  if (typeof definition !== "string") {
    return { definition, ...(root !== undefined && { root }) };
  }
  const loaded = await loadConfig({ cwd: process.cwd(), file: definition });
  return { definition: loaded.definition, source: definition, root: root ?? dirname(loaded.file) };
}
