import { createHash } from "node:crypto";
import type { Api } from "../api.ts";
import { loadCertificates } from "./adapters/certificates.ts";
import { createConnectionsRouter } from "./adapters/connections-router.ts";
import { createRequestListener } from "./adapters/http-server.ts";
import { type Port, startPort } from "./adapters/port.ts";
import { startTables, type TableStore, type Tables } from "./adapters/table.ts";
import { createWebSocketServer } from "./adapters/websocket-server.ts";
import { createClock } from "./clock.ts";
import { functionSpecs } from "./compose-functions.ts";
import { createKeyRing, type KeyRing } from "./compose-keys.ts";
import {
  type Emulator,
  type EmulatorOptions,
  type EmulatorSettings,
  fillInOptions,
} from "./compose-options.ts";
import { createProject } from "./compose-project.ts";
import { createStopping, type Stopping } from "./compose-stopping.ts";
import { createGateway, type RunningGateway } from "./gateway.ts";
import { createChildProcesses } from "./lambda/child-process.ts";
import { createDirect } from "./lambda/direct.ts";
import type { StartEnvironment } from "./lambda/environment.ts";
import { createInProcess } from "./lambda/in-process.ts";
import { createLambda } from "./lambda/lambda.ts";

export type { Emulator, EmulatorOptions } from "./compose-options.ts";

/** Starts an emulator. Throws a WsgwError that lists everything that is wrong with the definition. */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const stopping = createStopping();
  try {
    return await compose(fillInOptions(options), stopping);
  } catch (error) {
    await stopping.stop();
    throw error;
  }
}

/** How long a client may take to answer the close frame when the emulator stops. */
const CLOSE_GRACE_MS = 1_000;

/** Starts everything in order; what is added to `stopping` is stopped in reverse. */
async function compose(settings: EmulatorSettings, stopping: Stopping): Promise<Emulator> {
  const { root, region, accountId, host, clock, ids, limits, journal } = settings;
  const keys = createKeyRing();

  const project = createProject(settings);
  stopping.add(project.stop);
  const first = await project.read(settings.definition);
  let { api } = first;

  const certificates = loadCertificates({
    stateDir: settings.stateDir,
    names: [host],
    now: Date.now(),
  });
  const port = await startPort({ host, port: settings.port, certificates });
  stopping.add(port.stop);
  const tables = await startTablesFor(api, settings, keys);
  if (tables !== undefined) stopping.add(tables.stop);

  let code = await first.code;
  const surroundings = {
    root,
    region,
    accountId,
    keys,
    caFile: certificates.caFile,
    dynamodbEndpoint: tables?.endpoint,
  };
  const lambda = createLambda({
    functions: functionSpecs(api, code, surroundings),
    start: startEnvironments(settings, certificates.caPem),
    clock,
    machineClock: createClock(),
    ids,
    journal,
    settings: settings.environments,
  });
  stopping.add(lambda.stop);

  const gateway = createGateway({
    api,
    apiId: apiIdOf(root, api.name),
    domainName: `localhost:${port.port}`,
    limits,
    nullIsSuccess: settings.nullIsSuccess,
    invoke: lambda.invoke,
    journal,
    clock,
    ids,
  });
  serve(port, gateway, api, settings, keys, stopping);

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
      const next = await project.read(definition);
      const nextCode = await next.code;
      const needsRestart = restartReasons(api, next.api, tables);
      if (tables !== undefined)
        await startTables(tablesOf(next.api), existing(tables, region, keys));
      api = { ...next.api, name: api.name, stage: { ...next.api.stage, name: api.stage.name } };
      code = nextCode;
      lambda.replace(functionSpecs(api, code, surroundings));
      gateway.update(api);
      return { needsRestart };
    },
    async reload(file) {
      code = await project.build(api);
      const changed = [...code.values()].filter(({ inputs }) => inputs.includes(file));
      const names = changed.map(({ functionName }) => functionName);
      const specs = functionSpecs(api, code, surroundings);
      lambda.replace(specs.filter(({ name }) => names.includes(name)));
      return names;
    },
    idle: gateway.idle,
    stop: stopping.stop,
  };
}

/** Puts the gateway behind the port, and lets it end well before anything below it is stopped. */
function serve(
  port: Port,
  gateway: RunningGateway,
  api: Api,
  { limits, ids, journal, stopGraceMs }: EmulatorSettings,
  keys: KeyRing,
  stopping: Stopping,
): void {
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
  stopping.add(async () => {
    gateway.drain();
    await within(stopGraceMs, gateway.idle());
    await within(stopGraceMs, gateway.stop());
  });
}

async function startTablesFor(
  api: Api,
  { dataDir, dynamodbEndpoint, region }: EmulatorSettings,
  keys: KeyRing,
): Promise<Tables | undefined> {
  if (dynamodbEndpoint !== undefined) {
    return startTables(tablesOf(api), existing({ endpoint: dynamodbEndpoint }, region, keys));
  }
  const tables = tablesOf(api);
  return tables.length === 0
    ? undefined
    : startTables(tables, { kind: "local", data: dataDir, region });
}

function existing(
  { endpoint }: Pick<Tables, "endpoint">,
  region: string,
  keys: KeyRing,
): TableStore {
  return { kind: "external", endpoint, region, credentials: keys.developer };
}

function tablesOf(api: Api): Api["tables"][string][] {
  return Object.values(api.tables);
}

/** Runs functions that were given directly, and all others where the settings say. */
function startEnvironments(settings: EmulatorSettings, ca: string): StartEnvironment {
  const { handlers, runtime, clock } = settings;
  const direct = createDirect(handlers);
  const others =
    runtime === "child-process" ? createChildProcesses() : createInProcess({ clock, ca });
  return (spec, report) =>
    (Object.hasOwn(handlers, spec.name) ? direct : others).start(spec, report);
}

/** Ten lower-case letters and digits, the same for a project every time. */
function apiIdOf(root: string, name: string): string {
  const digest = createHash("sha256").update(`${root}\n${name}`).digest("hex");
  return BigInt(`0x${digest}`).toString(36).slice(0, 10);
}

function restartReasons(before: Api, after: Api, tables: Tables | undefined): readonly string[] {
  const reasons: string[] = [];
  if (before.name !== after.name) reasons.push("name");
  if (before.stage.name !== after.stage.name) reasons.push("stage.name");
  if (tables === undefined && tablesOf(after).length > 0) reasons.push("tables");
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
