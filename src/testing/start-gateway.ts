import { randomInt, randomUUID } from "node:crypto";
import { createManualClock } from "../clock.ts";
import type { ApiDefinition, ProjectDefinition } from "../definition/project.ts";
import type { MetricCounts } from "../emulator/apigateway/requests/prometheus-metrics.ts";
import type { WebSocketEvent } from "../emulator/apigateway/rules/event-types.ts";
import type { TestTable } from "../emulator/dynamodb/items.ts";
import { type Emulator, type EmulatorOptions, startEmulator } from "../emulator/emulator.ts";
import type { Fact } from "../emulator/facts.ts";
import { loadDefinition } from "../emulator/load-project.ts";
import { WsgwError } from "../errors.ts";
import { isTemplateFile } from "../readers/find-definition.ts";
import type { ProjectSource } from "../readers/load-definition.ts";
import type { ConnectOptions, PresignOptions } from "./connect-options.ts";
import type { Duration } from "./duration.ts";
import type { EntryOf, FactFilter } from "./facts.ts";
import { createFaultParts, type Faults } from "./faults/faults.ts";
import { DEFAULTS, type GatewayOptions } from "./gateway-options.ts";
import { failUnlessKnown } from "./known-names.ts";
import { type MetricsOf, metricsOf } from "./metrics.ts";
import { type GatewayParts, type HandshakeResult, RunningGateway } from "./running-gateway.ts";
import { reportStarted } from "./started.ts";
import type { TestClient, WaitOptions } from "./test-client.ts";
import { traceText } from "./trace.ts";
import {
  type IntegrationCall,
  type Invocation,
  integrationCallsIn,
  invocationsIn,
  type OpenConnection,
  openConnectionsIn,
  type Post,
  postsIn,
} from "./views.ts";

type Hidden =
  | "issuer"
  | "update"
  | "reload"
  | "fault"
  | "inputs"
  | "idle"
  | "flushed"
  | "callsUnderWay"
  | "counts";

/** A whole gateway inside a test: port 0, its own tables, and a clock that only the test advances. */
export type TestGateway = Omit<Emulator, Hidden> & {
  /** Connects a client. Rejects with CONNECTION_REFUSED if the handshake is rejected. */
  connect(options?: ConnectOptions): Promise<TestClient>;
  /** Tries to connect: the client, or the HTTP response of a rejected handshake. */
  handshake(options?: ConnectOptions): Promise<HandshakeResult>;
  /** A presigned URL for `$connect` with AWS_IAM, for the test's own clients. Uses the gateway's clock. */
  presignedUrl(options?: PresignOptions): string;
  readonly clock: {
    /** Epoch ms. */
    now(): number;
    /**
     * Advances the gateway's time: idle and age limits, integration and function timeouts, delays of faults,
     * and timers of handlers with `virtualTime`. Earlier frames arrive first. Throws USAGE for an invalid
     * duration.
     */
    advance(duration: Duration): Promise<void>;
  };
  /** Configures faults. */
  readonly faults: Faults;
  /**
   * The first matching fact of a type, recorded or in the future. Rejects with WAIT_TIMED_OUT and the last
   * facts.
   */
  fact<Type extends Fact["type"]>(type: Type, filter?: FactFilter<Type>): Promise<EntryOf<Type>>;
  /** All such facts so far. */
  facts<Type extends Fact["type"]>(type: Type, filter?: FactFilter<Type>): readonly EntryOf<Type>[];
  /**
   * Resolves when no frame is in flight in either direction, no handler runs, no post is pending and no
   * `$disconnect` is outstanding. Rejects with WAIT_TIMED_OUT and what is still outstanding.
   */
  settled(options?: WaitOptions): Promise<void>;
  /** The open connections, in the order in which they were opened. */
  readonly connections: readonly OpenConnection[];
  /** The invocations of a function, or of all, oldest first. Throws USAGE for an unknown function. */
  invocations<Event = WebSocketEvent>(functionName?: string): readonly Invocation<Event>[];
  /** The posts to a connection, or to all, with their responses. */
  posts(connectionId?: string): readonly Post[];
  /** The calls of integrations other than Lambda proxies: those of a route, or all, oldest first. */
  integrationCalls(routeKey?: string): readonly IntegrationCall[];
  /**
   * CloudWatch's counts so far: of an API, of one of its stages, or of a route. Throws USAGE for a route of a
   * stage without `detailedMetrics`.
   */
  metrics(of?: MetricsOf): MetricCounts;
  /** A table, by its name in the definition or on AWS. Throws USAGE if the project does not have it. */
  table(name: string): TestTable;
  /** All facts as text: each fact below its cause. */
  trace(): string;
  /** The same as `stop()`. */
  [Symbol.asyncDispose](): Promise<void>;
};

/** A CloudFormation or SAM template, and its inputs. Paths are relative to the working directory. */
export type TemplateProject = Pick<
  ProjectSource,
  "configEnv" | "envVars" | "stackName" | "stateDir"
> & {
  readonly template: string;
  /** Values of its parameters, by name. */
  readonly parameters?: Readonly<Record<string, string>>;
};

/** The source of a gateway's project. */
export type GatewaySource = ApiDefinition | ProjectDefinition | TemplateProject | string;

/** The built-in DynamoDB accepts any; these identify the test's own calls. */
const OWN_KEYS = { accessKeyId: "wsgw-harness", secretAccessKey: "wsgw-harness" };

const SEEDS = 2 ** 32;

/** In-process environments are cheap, so every overlapping event gets one at once. */
const AS_ON_AWS = { growthDelayMs: 0, maxEnvironments: 1000, maxTotal: 1000 };

/**
 * Starts a gateway for a test, from a definition, a template, or the path of a config file or template;
 * without any of these from the file that `wsgw dev` selects in the working directory. Handlers run in the
 * test's own process unless `runtime` says otherwise; `handlers` runs the test's functions instead of files.
 * Rejects with a WsgwError as `wsgw dev` does: CONFIG_NOT_FOUND, CONFIG_INVALID, HANDLER_INVALID …
 */
export async function startGateway(
  definition?: GatewaySource,
  options: GatewayOptions = {},
): Promise<TestGateway> {
  const parts = await startParts(definition, options);
  const { emulator, clock } = parts;
  const running = new RunningGateway(parts);
  const { facts, faults } = running;
  const stop = (): Promise<void> => running.stop();
  reportStarted(running);

  return {
    ...shownOf(emulator),
    get project() {
      return emulator.project; // a spread would keep the value at the start
    },
    get apis() {
      return emulator.apis;
    },
    get functions() {
      return emulator.functions;
    },
    handshake: (connect) => running.handshake(connect),
    connect: (connect) => running.connect(connect),
    presignedUrl: (presign) => running.presignedUrl(presign),
    clock: { now: clock.now, advance: (duration) => running.advance(duration) },
    faults,
    fact: facts.first,
    facts: facts.all,
    settled: (wait) => running.settled(wait),
    get connections() {
      return openConnectionsIn(running.entries());
    },
    invocations<Event>(functionName?: string) {
      if (functionName !== undefined)
        failUnlessKnown("function", functionName, emulator.project.functions);
      return invocationsIn(running.entries(), functionName) as readonly Invocation<Event>[];
    },
    posts: (connectionId) => postsIn(running.entries(), connectionId),
    integrationCalls(routeKey) {
      const routes = Object.values(emulator.project.apis).map((api) => api.routes);
      if (routeKey !== undefined) failUnlessKnown("route", routeKey, Object.assign({}, ...routes));
      return integrationCallsIn(running.entries(), routeKey);
    },
    metrics: (of) => metricsOf(emulator, of),
    table: (name) => running.table(name),
    trace: () => traceText(running.entries()),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Starts an emulator with hooks for faults and a clock that only the test advances. */
async function startParts(
  definition: GatewaySource | undefined,
  options: GatewayOptions,
): Promise<GatewayParts> {
  const { startAt, waitMs = DEFAULTS.waitMs, root, seed, ...rest } = options;
  const { runtime = DEFAULTS.runtime, strict = DEFAULTS.strict } = rest;
  if (rest.virtualTime === true && runtime !== "in-process") {
    const why = "handlers in separate processes use the machine's time";
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
    metrics: true,
  });
  return { emulator, clock, faulty, runtime, sourceIpHeader, ownKeys, waitMs };
}

/** The part of an emulator that tests see. */
function shownOf(emulator: Emulator): Omit<Emulator, Hidden> {
  const { issuer, update, reload, fault, inputs, idle, flushed, callsUnderWay, counts, ...shown } =
    emulator;
  return shown;
}

/** A definition, or that of a file, with the directory to which its handlers are relative. */
async function readDefinition(
  definition: GatewaySource | undefined,
  root: string | undefined,
): Promise<Pick<EmulatorOptions, "definition" | "source" | "root" | "stateDir">> {
  const file = definition === undefined ? {} : fileIn(definition);
  if (file === undefined) return { definition, ...(root !== undefined && { root }) };
  const loaded = await loadDefinition({ cwd: process.cwd(), ...file, inProcess: true });
  const { source, stateDir } = loaded;
  return {
    definition: loaded.definition,
    source: file.template ?? file.config ?? loaded.file,
    root: root ?? loaded.root,
    ...(source.kind !== "config" && { stateDir }),
  };
}

function fileIn(definition: GatewaySource): Omit<ProjectSource, "cwd"> | undefined {
  if (typeof definition === "string") {
    return isTemplateFile(definition) ? { template: definition } : { config: definition };
  }
  return isTemplateProject(definition) ? definition : undefined;
}

function isTemplateProject(definition: GatewaySource): definition is TemplateProject {
  return typeof definition === "object" && "template" in definition && !("functions" in definition);
}
