import type { Opening } from "../client/client.ts";
import { withLimit } from "../client/waiting.ts";
import type { ManualClock } from "../clock.ts";
import { identityHeader } from "../emulator/apigateway/authorizers/rules/mocked-identity.ts";
import type { DynamoDb } from "../emulator/dynamodb/dynamodb-call.ts";
import { openTestTable, type TestTable } from "../emulator/dynamodb/items.ts";
import type { Emulator } from "../emulator/emulator.ts";
import type { Entry } from "../emulator/facts.ts";
import { type HandshakeSigner, presignHandshake } from "../emulator/iam/rules/sign-handshake.ts";
import { advanceClock } from "./advance-clock.ts";
import {
  type ConnectOptions,
  openFrom,
  type PresignOptions,
  targetOf,
  urlFor,
} from "./connect-options.ts";
import type { Duration } from "./duration.ts";
import { createFactReader, type FactReader } from "./facts.ts";
import { failure, type WaitLimits } from "./failure.ts";
import type { FaultParts, Faults } from "./faults/faults.ts";
import type { GatewayOptions } from "./gateway-options.ts";
import { tableKey } from "./known-names.ts";
import { createSettling, type Settling } from "./settle.ts";
import { restOf, stopInTime } from "./stopping.ts";
import { createTestClient, type TestClient, type WaitOptions } from "./test-client.ts";
import { clientName, lastFactsText, traceText } from "./trace.ts";

/** The result of a handshake: a client, or the HTTP response. */
export type HandshakeResult =
  | (Pick<Extract<Opening, { readonly kind: "open" }>, "kind" | "headers"> & {
      readonly client: TestClient;
    })
  | Extract<Opening, { readonly kind: "refused" }>;

/** The parts of a test's gateway. */
export type GatewayParts = {
  readonly emulator: Emulator;
  readonly clock: ManualClock;
  readonly faulty: FaultParts;
  readonly runtime: NonNullable<GatewayOptions["runtime"]>;
  /** The header in which clients send their source IP. */
  readonly sourceIpHeader: string;
  /** Sign the test's own calls of the built-in DynamoDB; undefined if functions use an external one. */
  readonly ownKeys: DynamoDb["credentials"] | undefined;
  readonly waitMs: number;
};

/** A test's gateway: its emulator, its clients and its clock, until it is stopped. */
export class RunningGateway {
  readonly facts: FactReader;
  readonly faults: Faults;
  readonly #parts: GatewayParts;
  readonly #limits: WaitLimits;
  readonly #settling: Settling;
  /** Number of the newest fact when the stop began. */
  #stoppedAfter: number | undefined;

  constructor(parts: GatewayParts) {
    const { emulator, faulty, waitMs, ownKeys } = parts;
    const lastFacts = (): string => lastFactsText(this.entries());
    this.#parts = parts;
    this.#limits = { waitMs, lastFacts };
    this.facts = createFactReader(emulator.journal, this.#limits);
    this.#settling = createSettling(emulator, waitMs);
    this.faults = faulty.attach({
      emulator,
      table: (name) => this.table(name),
      hasOwnTables: ownKeys !== undefined,
      lost: this.#settling.lost,
      lastFacts,
    });
  }

  entries(): readonly Entry[] {
    return this.#parts.emulator.journal.entries();
  }

  lastFact(): number {
    return this.entries().at(-1)?.seq ?? 0;
  }

  isStopped(): boolean {
    return this.#stoppedAfter !== undefined;
  }

  /** The facts after the given number and before the stop. */
  trace(after: number): string {
    return traceText(this.entries().slice(0, this.#stoppedAfter), after);
  }

  async connect(options?: ConnectOptions): Promise<TestClient> {
    const result = await this.handshake(options);
    if (result.kind === "open") return result.client;
    const said = `The gateway rejected the handshake with HTTP ${result.statusCode}: ${result.body}`;
    throw failure("CONNECTION_REFUSED", said, this.#limits.lastFacts);
  }

  handshake(options: ConnectOptions = {}): Promise<HandshakeResult> {
    return this.#settling.opening(this.#open(options));
  }

  async #open(options: ConnectOptions): Promise<HandshakeResult> {
    const { emulator, sourceIpHeader, faulty } = this.#parts;
    const identity = identityHeader(emulator.control.token);
    const secret = { sourceIp: sourceIpHeader, identity };
    const { apiKeys } = emulator.project;
    const signerOf = (name: string | undefined) => this.#signer(name);
    const url = urlFor(emulator.apis, options);
    const opening = await openFrom(url, options, secret, { signerOf, apiKeys });
    if (opening.kind === "refused") return opening;
    const handshakeId = String(opening.headers["sec-websocket-accept"]);
    const { connectionId } = await this.facts.first("connection.requested", { handshakeId });
    const settled = (): Promise<void> => this.settled();
    const name = (): string => clientName(this.entries(), connectionId);
    const surroundings = { ...this.#limits, connectionId, name, settled };
    const { client, isClosing } = createTestClient(opening.client, surroundings);
    this.#settling.add({ connectionId, closed: client.closed, isClosing });
    faulty.addClient(client);
    return { kind: "open", headers: opening.headers, client };
  }

  presignedUrl({ identity, expiresIn, ...options }: PresignOptions = {}): string {
    const url = targetOf(urlFor(this.#parts.emulator.apis, options), options);
    return presignHandshake(url, this.#signer(identity), expiresIn);
  }

  #signer(identity: string | undefined): HandshakeSigner {
    const { emulator, clock } = this.#parts;
    const credentials =
      identity === undefined ? emulator.credentials : emulator.credentialsOf(identity);
    return { credentials, region: emulator.region, now: clock.now() };
  }

  settled({ timeoutMs = this.#limits.waitMs }: WaitOptions = {}): Promise<void> {
    return withLimit(this.#settling.settled(), timeoutMs, () => {
      const left = this.#settling.outstanding();
      const which = left.length === 0 ? "." : `: ${left.join(", ")}.`;
      const said = `The gateway did not settle within ${timeoutMs} ms${which}`;
      return failure("WAIT_TIMED_OUT", said, this.#limits.lastFacts);
    });
  }

  advance(duration: Duration): Promise<void> {
    const { emulator, clock, faulty, waitMs } = this.#parts;
    return advanceClock(duration, {
      clock,
      arrived: this.#settling.arrived,
      underWay: () => emulator.callsUnderWay() - faulty.heldCalls(),
      limitMs: waitMs,
    });
  }

  table(name: string): TestTable {
    const { emulator, ownKeys } = this.#parts;
    const { project, dynamodbEndpoint, region, credentials } = emulator;
    const table = project.tables[tableKey(name, project.tables)];
    if (table === undefined || dynamodbEndpoint === undefined) {
      throw new Error(`There is no DynamoDB for table ${name}.`);
    }
    const access = { endpoint: dynamodbEndpoint, region, credentials: ownKeys ?? credentials };
    return openTestTable(access, table);
  }

  async stop(): Promise<void> {
    const { emulator, clock, faulty, runtime, waitMs } = this.#parts;
    faulty.stop();
    this.#stoppedAfter ??= this.lastFact();
    await stopInTime(emulator, {
      clock,
      running: () => this.#settling.outstanding().length > 0,
      rest: () => restOf(runtime, emulator.callsUnderWay, waitMs),
    });
  }
}
