import { createHash } from "node:crypto";
import { basename, resolve } from "node:path";
import { checkApi } from "../api/checks.ts";
import type { Api } from "../api.ts";
import { createBundler } from "../bundle/bundler.ts";
import { createJournal, type Journal } from "../journal.ts";
import { loadCertificates } from "./adapters/certificates.ts";
import { createConnectionsRouter } from "./adapters/connections-router.ts";
import { createRequestListener } from "./adapters/http-server.ts";
import { startPort } from "./adapters/port.ts";
import { startTables, type TableStore } from "./adapters/table.ts";
import { createWebSocketServer } from "./adapters/websocket-server.ts";
import { createClock } from "./clock.ts";
import { buildCode, type Code, functionSpecs } from "./compose-functions.ts";
import { createKeyRing, type Keys } from "./compose-keys.ts";
import { createStopping } from "./compose-stopping.ts";
import { createGateway } from "./gateway.ts";
import { createIds } from "./ids.ts";
import { createChildProcesses } from "./lambda/child-process.ts";
import { createDirect, type Handler } from "./lambda/direct.ts";
import type { LambdaRuntime } from "./lambda/environment.ts";
import { createInProcess } from "./lambda/in-process.ts";
import { createLambda, type LambdaSettings } from "./lambda/lambda.ts";
import type { Clock, Ids } from "./ports.ts";
import { LIMITS, type Limits } from "./rules/limits.ts";
import { parseRouteExpression } from "./rules/route-expression.ts";

export type EmulatorOptions = {
  /** The API; checked here, whatever it claims to be. */
  readonly definition: unknown;
  /** How messages name the definition, such as the name of its file. Default `definition`. */
  readonly source?: string;
  /** Folder that handlers are relative to. Default: the working folder. */
  readonly root?: string;
  /** Default 3001; 0 takes any free port. */
  readonly port?: number;
  /** Address to listen on. Default 127.0.0.1. */
  readonly host?: string;
  /** Folder for certificates. Default `.wsgw` in `root`. */
  readonly stateDir?: string;
  /** Folder to keep the tables in. Default: in memory. */
  readonly dataDir?: string;
  /** Uses another DynamoDB in place of the built-in one. */
  readonly dynamodbEndpoint?: string;
  /** Default `us-east-1`. */
  readonly region?: string;
  /** Twelve digits. Default `123456789012`. */
  readonly accountId?: string;
  /** Where handlers run. Default `child-process`. */
  readonly runtime?: "child-process" | "in-process";
  /** Functions to run in place of files, by function name. */
  readonly handlers?: Readonly<Record<string, Handler>>;
  /** Changes values of functions' environment variables once the definition is checked. */
  readonly adjust?: (api: Api) => Api;
  readonly limits?: Partial<Limits>;
  readonly environments?: Partial<LambdaSettings>;
  /** Whether a handler that returns nothing counts as a success. Default false. */
  readonly nullIsSuccess?: boolean;
  /** How long `stop()` lets handlers finish, in ms. Default 5,000. */
  readonly stopGraceMs?: number;
  readonly clock?: Clock;
  readonly ids?: Ids;
  /** How many facts the journal keeps. Default 10,000. */
  readonly keepFacts?: number;
};

/** A running emulator. */
export type Emulator = {
  /** `ws://localhost:PORT/STAGE` */
  readonly url: string;
  /** `wss://localhost:PORT/STAGE` */
  readonly secureUrl: string;
  /** Endpoint of the management API for SDKs: `http://localhost:PORT/STAGE`. */
  readonly managementUrl: string;
  /** Undefined when the API has no tables and no endpoint was given. */
  readonly dynamodbEndpoint: string | undefined;
  readonly host: string;
  readonly port: number;
  /** PEM of the authority behind the emulator's certificates, and the file that holds it. */
  readonly caPem: string;
  readonly caFile: string | undefined;
  /** Keys for calling the management API and DynamoDB; of no use anywhere else. */
  readonly credentials: Keys;
  /** The API as it is served now. */
  readonly api: Api;
  readonly journal: Journal;
  /** Files that handlers are made from. */
  inputs(): readonly string[];
  /**
   * Serves another definition from now on; connections, ids and tables stay. What cannot be changed
   * while it runs is named in the answer. Throws as `startEmulator` does, and changes nothing then.
   */
  update(definition: unknown): Promise<{ readonly needsRestart: readonly string[] }>;
  /** Reads changed handlers anew and names the functions that run new code from their next event on. */
  reload(file: string): Promise<readonly string[]>;
  /** Resolves when no handler runs for anybody. */
  idle(): Promise<void>;
  /** Lets handlers finish, closes clients with 1001, runs `$disconnect`, and leaves nothing behind. */
  stop(): Promise<void>;
};

/** Starts an emulator. Throws a WsgwError that lists everything that is wrong with the definition. */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const root = resolve(options.root ?? ".");
  const region = options.region ?? "us-east-1";
  const host = options.host ?? "127.0.0.1";
  const clock = options.clock ?? createClock();
  const machineClock = createClock();
  const ids = options.ids ?? createIds(clock);
  const limits = { ...LIMITS, ...options.limits };
  const journal = createJournal(() => clock.now(), options.keepFacts);
  const keys = createKeyRing();
  const stopping = createStopping();
  const given = new Set(Object.keys(options.handlers ?? {}));
  const runtime = options.runtime ?? "child-process";

  const check = (definition: unknown): Api => {
    const { api, warnings } = checkApi(definition, options.source ?? "definition", {
      parseExpression: parseRouteExpression,
    });
    for (const message of warnings) journal.record({ type: "warning", message });
    return options.adjust?.(api) ?? api;
  };

  let api = check(options.definition);
  const store: TableStore =
    options.dynamodbEndpoint === undefined
      ? { kind: "local", data: options.dataDir, region }
      : {
          kind: "external",
          endpoint: options.dynamodbEndpoint,
          region,
          credentials: keys.developer,
        };
  const wantsTables = (): boolean =>
    Object.keys(api.tables).length > 0 || options.dynamodbEndpoint !== undefined;

  try {
    const bundler = createBundler({ root, purpose: runtime });
    stopping.add(() => bundler.stop());
    const building = buildCode(api, root, bundler, given);
    building.catch(() => {}); // reported below, when it is awaited

    const certificates = loadCertificates({
      stateDir: options.stateDir ?? resolve(root, ".wsgw"),
      names: [host],
      now: Date.now(),
    });
    const port = await startPort({ host, port: options.port ?? 3001, certificates });
    stopping.add(() => port.stop());
    const tables = wantsTables() ? await startTables(Object.values(api.tables), store) : undefined;
    if (tables !== undefined) stopping.add(() => tables.stop());
    let code: Code = await building;

    const surroundings = {
      root,
      region,
      accountId: options.accountId ?? "123456789012",
      keys,
      caFile: certificates.caFile,
      dynamodbEndpoint: tables?.endpoint,
    };
    const lambda = createLambda({
      functions: functionSpecs(api, code, surroundings),
      start: mixed(
        runtime === "child-process"
          ? createChildProcesses()
          : createInProcess({ clock, ca: certificates.caPem }),
        createDirect(options.handlers ?? {}),
        given,
      ),
      clock,
      machineClock,
      ids,
      journal,
      ...(options.environments !== undefined && { settings: options.environments }),
    });
    stopping.add(() => lambda.stop());

    const gateway = createGateway({
      api,
      apiId: apiIdOf(root, api.name),
      domainName: () => `localhost:${port.port}`,
      limits,
      nullIsSuccess: options.nullIsSuccess ?? false,
      invoke: lambda.invoke,
      journal,
      clock,
      ids,
    });
    const sockets = createWebSocketServer({ gateway, limits });
    stopping.add(() => sockets.stop(CLOSE_GRACE_MS));
    const connections = createConnectionsRouter({
      gateway,
      ids,
      journal,
      prefixes: new Set([api.stage.name]),
      secretFor: keys.secretFor,
      bodyBytes: limits.postBytes,
    });
    port.serve({
      request: createRequestListener({ connections, stage: api.stage.name, ids }),
      upgrade: sockets.upgrade,
    });
    const graceMs = options.stopGraceMs ?? 5_000;
    stopping.add(async () => {
      gateway.drain();
      await within(graceMs, gateway.idle());
      await within(graceMs, gateway.stop());
    });

    const address = `localhost:${port.port}/${api.stage.name}`;
    return {
      url: `ws://${address}`,
      secureUrl: `wss://${address}`,
      managementUrl: `http://${address}`,
      dynamodbEndpoint: tables?.endpoint,
      host,
      port: port.port,
      caPem: certificates.caPem,
      caFile: certificates.caFile,
      credentials: keys.developer,
      get api() {
        return api;
      },
      journal,
      inputs: () => [...code.values()].flatMap(({ inputs }) => inputs),
      async update(definition) {
        const next = check(definition);
        const nextCode = await buildCode(next, root, bundler, given);
        const needsRestart = restartReasons(api, next, tables !== undefined);
        if (tables !== undefined) {
          await startTables(Object.values(next.tables), {
            kind: "external",
            endpoint: tables.endpoint,
            region,
            credentials: keys.developer,
          });
        }
        api = { ...next, name: api.name, stage: { ...next.stage, name: api.stage.name } };
        code = nextCode;
        lambda.replace(functionSpecs(api, code, surroundings));
        gateway.update(api);
        return { needsRestart };
      },
      async reload(file) {
        const nextCode = await buildCode(api, root, bundler, given);
        const changed = [...nextCode.values()]
          .filter(({ inputs }) => inputs.includes(file))
          .map(({ functionName }) => functionName);
        code = nextCode;
        lambda.replace(
          functionSpecs(api, code, surroundings).filter(({ name }) => changed.includes(name)),
        );
        return changed;
      },
      idle: gateway.idle,
      stop: stopping.stop,
    };
  } catch (error) {
    await stopping.stop();
    throw error;
  }
}

/** How long a client may take to answer the close frame when the emulator stops. */
const CLOSE_GRACE_MS = 1_000;

/** Runs the functions that were given directly, and all others where `runtime` runs them. */
function mixed(
  runtime: LambdaRuntime,
  direct: LambdaRuntime,
  given: ReadonlySet<string>,
): LambdaRuntime["start"] {
  return (spec, report) => (given.has(spec.name) ? direct : runtime).start(spec, report);
}

/** Ten lower-case letters and digits, the same for a project every time. */
function apiIdOf(root: string, name: string): string {
  const digest = createHash("sha256")
    .update(`${basename(root)}\n${root}\n${name}`)
    .digest();
  return BigInt(`0x${digest.toString("hex")}`)
    .toString(36)
    .slice(0, 10);
}

function restartReasons(before: Api, after: Api, hasDynamoDb: boolean): readonly string[] {
  const reasons: string[] = [];
  if (before.name !== after.name) reasons.push("name");
  if (before.stage.name !== after.stage.name) reasons.push("stage.name");
  if (!hasDynamoDb && Object.keys(after.tables).length > 0) reasons.push("tables");
  return reasons;
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, limit]);
  clearTimeout(timer);
}
