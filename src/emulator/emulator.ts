import { randomBytes } from "node:crypto";
import type { LocalProject } from "../definition/local-project.ts";
import { createGateway } from "./apigateway/gateway.ts";
import type { ServedApi } from "./apigateway/rules/served-api.ts";
import { CONTROL_PATH, CONTROL_VERSION } from "./control/protocol.ts";
import { type ControlRouter, createControlRouter } from "./control/router.ts";
import type { Tables } from "./dynamodb/table.ts";
import { type Code, changedFunctions, faultIn, keepWorking, stateOf } from "./functions.ts";
import {
  hostsOf,
  nameOfGateway,
  networkOf,
  ownDomains,
  reachedBy,
  servedApis,
  urlsOf,
} from "./host-table.ts";
import { createKeyRing, keysIn } from "./iam/keys.ts";
import { createKnownInvocations } from "./lambda/known-invocations.ts";
import type { Lambda } from "./lambda/lambda.ts";
import { type Certificates, loadCertificates } from "./network/certificates/certificates.ts";
import { type Port, startPort } from "./network/port.ts";
import { localName, urlHost } from "./network/rules/public-host.ts";
import {
  type Emulator,
  type EmulatorOptions,
  type EmulatorSettings,
  fillInOptions,
  type RunningApi,
} from "./options.ts";
import { createOwnHosts } from "./own-hosts.ts";
import { createProjectReader, type ProjectReader } from "./project.ts";
import { restartReasons } from "./project-changes.ts";
import { createTables, openTablesFor } from "./project-tables.ts";
import { type RunningFunctions, runFunctions } from "./running-functions.ts";
import { ServedProject } from "./served-project.ts";
import { type ServedGateway, serve } from "./serving.ts";
import { createStopping, type Stopping } from "./stopping.ts";

export type { Emulator, EmulatorOptions } from "./options.ts";

/** Starts an emulator. Throws a WsgwError that lists everything that is wrong with the definition. */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const stopping = createStopping();
  try {
    return await compose(fillInOptions(options), stopping);
  } catch (error) {
    await stopping.stop().catch(() => {}); // what was wrong first is what can be mended
    throw error;
  }
}

const ALLOWED =
  "Calls that nothing here answers may reach AWS, with the AWS keys of this shell if it has any.";

/** Starts everything in order; what is added to `stopping` is stopped in reverse. */
async function compose(settings: EmulatorSettings, stopping: Stopping): Promise<Emulator> {
  const { root, host, journal } = settings;
  const keys = createKeyRing({
    lent: settings.allowAws ? keysIn(process.env) : undefined,
    shared: settings.dynamodbEndpoint !== undefined,
  });
  const reader = createProjectReader(settings);
  stopping.add(reader.stop);
  if (settings.allowAws) journal.record({ type: "warning", message: ALLOWED });
  const first = await reader.read(settings.definition);
  const { port, certificates } = await openPort(first.project, settings, stopping);
  const gatewayPort = settings.gatewayPort ?? port.port;
  const invocations = createKnownInvocations();
  const tables = await openTablesFor(first.project, settings, keys, invocations.of);
  if (tables !== undefined) stopping.add(tables.stop);

  const served = new ServedProject(first.project, await first.code, root);
  const { hosts } = served;
  reportBroken(served.code, settings);
  const network = () => networkOf(hosts, served.project.endpoints, settings, gatewayPort);
  const { stateDir } = settings;
  const { caPem } = certificates;
  const { address } = network();
  const ownHosts = createOwnHosts({ stateDir, caPem, hosts, address, keys: keys.developer });
  stopping.add(ownHosts.stop);
  const functionParts = { keys, certificates, tables, network, invocations };
  const functions = await runFunctions(served, settings, functionParts, stopping);
  const { lambda, calls } = functions;
  // The first environment comes up while this process loads the DynamoDB, the others while that makes tables.
  const warmOthers = functions.warmFirst();
  const created = createTables(served.project, tables, root);
  warmOthers();
  await created;

  const ownHost = `${urlHost(nameOfGateway(settings))}:${gatewayPort}`;
  const gateways = gatewaysOf(served, settings, ownHost, lambda);
  const token = randomBytes(24).toString("base64url");
  const sockets = serve(
    port,
    {
      gateways,
      invocationOf: invocations.of,
      keys,
      hosts,
      endpointFor: (service) =>
        service === "dynamodb" ? tables?.endpoint : served.project.endpoints[service],
      tables,
      control: controlOf(token, served, gateways, settings),
    },
    settings,
    stopping,
  );

  const firstStage = Object.keys(served.apis[0].stages)[0] ?? "";
  const local = urlsOf(localName(host), port.port, firstStage);
  return {
    ...urlsOf(nameOfGateway(settings), port.port, firstStage),
    publicHost: settings.publicHost,
    get local() {
      return { ...local, apis: runningApis(served, localName(host), port.port, ownHost) };
    },
    dynamodbEndpoint: tables?.endpoint,
    region: settings.region,
    host,
    port: port.port,
    caPem,
    caFile: certificates.caFile,
    credentials: keys.developer,
    programEnvironment: ownHosts.environmentFor,
    control: {
      url: new URL(CONTROL_PATH, local.managementUrl).href,
      token,
      version: CONTROL_VERSION,
    },
    journal,
    get project() {
      return served.project;
    },
    get apis() {
      return runningApis(served, nameOfGateway(settings), port.port, ownHost);
    },
    get functions() {
      return Object.keys(served.project.functions).map((name) => stateOf(served.code, name));
    },
    fault: () => faultIn(served.code),
    inputs: () => [...served.code.built.values()].flatMap(({ inputs }) => inputs),
    ...changesOf({ served, reader, tables, functions, gateways, root }),
    invoke: (functionName, payload, options) =>
      lambda.invoke({ functionName, payload, ...options }),
    callsUnderWay: calls.count,
    flushed: sockets.flushed,
    async idle() {
      await Promise.all(gateways.map(({ gateway }) => gateway.idle()));
      await lambda.idle(); // a function may run longer than its route waits for it
      await calls.idle();
    },
    stop: stopping.stop,
  };
}

async function openPort(
  project: LocalProject,
  settings: EmulatorSettings,
  stopping: Stopping,
): Promise<{ readonly port: Port; readonly certificates: Certificates }> {
  const { root, host, stateDir } = settings;
  const { apis } = hostsOf(servedApis(project, root), settings.region);
  const certificates = loadCertificates({
    stateDir,
    names: [host],
    publicHost: nameOfGateway(settings),
    domains: ownDomains(apis.flatMap((api) => [api.customDomain ?? [], api.hosts].flat())),
    now: Date.now(),
  });
  const port = await startPort({ host, port: settings.port, certificates });
  stopping.add(port.stop);
  return { port, certificates };
}

/** A gateway for each API, the first one first; `own` is the host and port that all have in common. */
function gatewaysOf(
  served: ServedProject,
  settings: EmulatorSettings,
  own: string,
  { invoke }: Lambda,
): readonly [ServedGateway, ...ServedGateway[]] {
  const { limits, nullIsSuccess, pingsResetIdle, interference, journal, clock, ids } = settings;
  const { hosts } = served;
  return mapFirst(served.apis, (api, at) => ({
    api: () => served.apis[at] ?? api,
    gateway: createGateway({
      api,
      reachedBy: (rawHeaders) => reachedBy(api, hosts, own, rawHeaders),
      limits,
      nullIsSuccess,
      pingsResetIdle,
      untimed: settings.inspectPort !== undefined,
      invoke: interference.invoke?.(invoke) ?? invoke,
      journal,
      clock,
      ids,
    }),
  }));
}

function controlOf(
  token: string,
  served: ServedProject,
  gateways: readonly ServedGateway[],
  { journal }: EmulatorSettings,
): ControlRouter {
  return createControlRouter({
    token,
    project: () => served.project,
    connections: () =>
      gateways.flatMap(({ gateway, api }) =>
        gateway.list().map((connection) => ({ api: api().key, ...connection })),
      ),
    journal,
  });
}

function runningApis(
  { apis, hosts }: ServedProject,
  host: string,
  port: number,
  own: string,
): readonly RunningApi[] {
  return apis.map((api, at) => {
    const { domainName } = reachedBy(api, hosts, own, []);
    return runningApi(api, at === 0, host, port, domainName);
  });
}

/** The code that runs now of functions that a changed definition leaves as they are. */
function sameFunctions({ project, code }: ServedProject, next: LocalProject): Code {
  const isSame = (name: string) => {
    const [before, after] = [project.functions[name], next.functions[name]];
    return before?.handler === after?.handler && before?.runtime === after?.runtime;
  };
  return { ...code, built: new Map([...code.built].filter(([name]) => isSame(name))) };
}

/** What changes that which is served. */
function changesOf(parts: {
  readonly served: ServedProject;
  readonly reader: ProjectReader;
  readonly tables: Tables | undefined;
  readonly functions: RunningFunctions;
  readonly gateways: readonly ServedGateway[];
  readonly root: string;
}): Pick<Emulator, "update" | "reload"> {
  const { served, reader, tables, functions, gateways, root } = parts;
  return {
    async update(definition) {
      const next = await reader.read(definition);
      const code = await next.code;
      const isNews = [...code.broken.keys()].some((name) => !served.code.broken.has(name));
      if (isNews) throw faultIn(code); // what is served goes on
      const needsRestart = restartReasons(served.project, next.project, tables !== undefined);
      await createTables(next.project, tables, root);
      served.change(next.project, keepWorking(sameFunctions(served, next.project), code));
      await functions.replace();
      for (const { gateway, api } of gateways) gateway.update(api());
      return { needsRestart };
    },
    async reload(files) {
      const before = served.code;
      const after = await reader.build(served.project);
      served.run(keepWorking(before, after));
      const names = changedFunctions(before, after, files);
      await functions.replace(({ name, broken }) => broken !== undefined || names.includes(name));
      return names;
    },
  };
}

/** Maps a list with a first element to one with a first element. */
function mapFirst<From, To>(
  [first, ...others]: readonly [From, ...From[]],
  to: (from: From, at: number) => To,
): readonly [To, ...To[]] {
  return [to(first, 0), ...others.map((other, at) => to(other, at + 1))];
}

/** A function that cannot run does not keep the others from it, unless the caller wants that. */
function reportBroken(code: Code, { strict, journal }: EmulatorSettings): void {
  const fault = faultIn(code);
  if (fault === undefined) return;
  if (strict) throw fault;
  const names = [...code.broken.keys()].join(", ");
  const message = `These functions cannot run, and fail when they are invoked: ${names}.\n${fault.message}`;
  journal.record({ type: "project.broken", message, hint: fault.hint });
}

function runningApi(
  api: ServedApi,
  isFirst: boolean,
  host: string,
  port: number,
  domainName: string,
): RunningApi {
  return {
    name: api.key,
    id: api.apiId,
    domainName,
    routes: Object.values(api.routes).map(({ routeKey, integration }) => ({
      routeKey,
      function: integration.function,
    })),
    stages: Object.keys(api.stages).map((name) => ({
      name,
      ...urlsOf(host, port, isFirst ? name : `${api.key}/${name}`),
    })),
  };
}
