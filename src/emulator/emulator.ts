import { randomBytes } from "node:crypto";
import { createClock } from "../clock.ts";
import { mapValues } from "../definition/map-values.ts";
import type { LocalProject } from "../definition/one-api.ts";
import type { ApiTable, WebSocketApi } from "../definition/project.ts";
import { createGateway } from "./apigateway/gateway.ts";
import type { ServedApi } from "./apigateway/rules/served-api.ts";
import { CONTROL_PATH } from "./control/protocol.ts";
import { createControlRouter } from "./control/router.ts";
import { plantSeeds, readSeeds } from "./dynamodb/seed.ts";
import { openTables, type Tables } from "./dynamodb/table.ts";
import { checkDebuggerPorts, createEnvironments, environmentSettings } from "./environments.ts";
import {
  type Code,
  changedFunctions,
  faultIn,
  firstNeeded,
  functionSpecs,
  keepWorking,
  stateOf,
} from "./functions.ts";
import {
  hostsOf,
  nameOfGateway,
  networkOf,
  ownDomains,
  reachedBy,
  servedApis,
  urlsOf,
} from "./host-table.ts";
import { createKeyRing, type KeyRing, keysIn } from "./iam/keys.ts";
import type { Recorder } from "./journal/journal.ts";
import type { FunctionSpec } from "./lambda/environment.ts";
import type { LambdaFact } from "./lambda/facts.ts";
import { createPendingCalls } from "./lambda/in-process/pending-calls.ts";
import { createKnownInvocations, type InvocationOf } from "./lambda/known-invocations.ts";
import { createLambda } from "./lambda/lambda.ts";
import { loadCertificates } from "./network/certificates/certificates.ts";
import type { NetworkFact } from "./network/facts.ts";
import { startPort } from "./network/port.ts";
import { localName, urlHost } from "./network/rules/public-host.ts";
import {
  type Emulator,
  type EmulatorOptions,
  type EmulatorSettings,
  fillInOptions,
  type RunningApi,
} from "./options.ts";
import { createOwnHosts } from "./own-hosts.ts";
import { createProgramHost } from "./programs.ts";
import { createProjectReader } from "./project.ts";
import { serve } from "./serving.ts";
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
  const { root, region, accountId, host, clock, ids, limits, journal, interference } = settings;
  const keys = createKeyRing({
    lent: settings.allowAws ? keysIn(process.env) : undefined,
    shared: settings.dynamodbEndpoint !== undefined,
  });

  const reader = createProjectReader(settings);
  stopping.add(reader.stop);
  if (settings.allowAws) journal.record({ type: "warning", message: ALLOWED });
  const first = await reader.read(settings.definition);
  let { project } = first;
  let served = servedApis(project, root);
  const hosts = hostsOf(served, region);

  const certificates = loadCertificates({
    stateDir: settings.stateDir,
    names: [host],
    publicHost: nameOfGateway(settings),
    domains: ownDomains(hosts.apis.flatMap((api) => [api.customDomain ?? [], api.hosts].flat())),
    now: Date.now(),
  });
  const port = await startPort({ host, port: settings.port, certificates });
  stopping.add(port.stop);
  const gatewayPort = settings.gatewayPort ?? port.port;
  const invocations = createKnownInvocations();
  const tables = await openTablesFor(project, settings, keys, invocations.of);
  if (tables !== undefined) stopping.add(tables.stop);

  let code = await first.code;
  const network = () => networkOf(hosts, project.endpoints, settings, gatewayPort);
  reportBroken(code, settings);
  const programs = createProgramHost({
    stateDir: settings.stateDir,
    caPem: certificates.caPem,
    network,
  });
  stopping.add(programs.stop);
  const ownHosts = createOwnHosts({
    stateDir: settings.stateDir,
    caPem: certificates.caPem,
    hosts,
    address: network().address,
    keys: keys.developer,
  });
  stopping.add(ownHosts.stop);
  const surroundings = async () => ({
    root,
    region,
    accountId,
    keys,
    caFile: certificates.caFile,
    dynamodbEndpoint: tables?.endpoint,
    network: network(),
    programNetwork: await programs.prepare(code),
  });
  const calls = createPendingCalls();
  const isDebugged = settings.inspectPort !== undefined;
  const environments = createEnvironments(settings, {
    ca: certificates.caPem,
    program: programs.start,
    calls,
    invocations,
    onBroken: (name) => lambda.warm(name),
  });
  stopping.add(environments.stop);
  const functions = functionSpecs(project, code, await surroundings());
  await checkDebuggerPorts(functions, settings);
  const lambda = createLambda({
    functions,
    start: interference.start?.(environments.start) ?? environments.start,
    untimed: isDebugged,
    clock,
    machineClock: createClock(),
    ids,
    journal: journal as Recorder<LambdaFact | NetworkFact>, // Lambda does not look at what it carries
    invocations,
    settings: environmentSettings(settings),
  });
  stopping.add(lambda.stop);
  const createTables = async (next: LocalProject): Promise<void> => {
    const seeds = readSeeds(next, root);
    const fresh = (await tables?.create(tablesOf(next))) ?? [];
    if (tables !== undefined && seeds.size > 0) await plantSeeds(tables.dynamoDb, seeds, fresh);
  };
  // The first environment comes up while this process loads the DynamoDB, the others while that makes tables.
  const [soonest, ...soon] = isDebugged
    ? functions.map(({ name }) => name)
    : firstNeeded(project, settings.warm);
  if (soonest !== undefined) lambda.warm(soonest);
  const created = createTables(project);
  for (const name of soon) lambda.warm(name);
  await created;

  const ownHost = `${urlHost(nameOfGateway(settings))}:${gatewayPort}`;
  const gateways = mapFirst(served, (first, at) => ({
    api: () => served[at] ?? first,
    gateway: createGateway({
      api: first,
      reachedBy: (rawHeaders) => reachedBy(first, hosts, ownHost, rawHeaders),
      limits,
      nullIsSuccess: settings.nullIsSuccess,
      pingsResetIdle: settings.pingsResetIdle,
      untimed: isDebugged,
      invoke: interference.invoke?.(lambda.invoke) ?? lambda.invoke,
      journal,
      clock,
      ids,
    }),
  }));
  const dynamodbEndpoint = tables?.endpoint;
  const endpointFor = (service: string) =>
    service === "dynamodb" ? dynamodbEndpoint : project.endpoints[service];
  const token = randomBytes(24).toString("base64url");
  const control = createControlRouter({
    token,
    project: () => project,
    connections: () =>
      gateways.flatMap(({ gateway, api }) =>
        gateway.list().map((connection) => ({ api: api().key, ...connection })),
      ),
    journal,
  });
  const sockets = serve(
    port,
    { gateways, invocationOf: invocations.of, keys, hosts, endpointFor, tables, control },
    settings,
    stopping,
  );

  /** A debugger wants to be there before the next event is. */
  function replace(specs: readonly FunctionSpec[]): void {
    lambda.replace(specs);
    if (isDebugged) for (const { name } of specs) lambda.warm(name);
  }

  const runningApis = () =>
    served.map((api, at) =>
      runningApi(
        api,
        at === 0,
        nameOfGateway(settings),
        port.port,
        reachedBy(api, hosts, ownHost, []).domainName,
      ),
    );
  const firstStage = Object.keys(served[0].stages)[0] ?? "";
  const local = urlsOf(localName(host), port.port, firstStage);
  return {
    ...urlsOf(nameOfGateway(settings), port.port, firstStage),
    publicHost: settings.publicHost,
    local,
    dynamodbEndpoint,
    region,
    host,
    port: port.port,
    caPem: certificates.caPem,
    caFile: certificates.caFile,
    credentials: keys.developer,
    programEnvironment: ownHosts.environmentFor,
    control: { url: new URL(CONTROL_PATH, local.managementUrl).href, token },
    get project() {
      return project;
    },
    get apis() {
      return runningApis();
    },
    journal,
    get functions() {
      return Object.keys(project.functions).map((name) => stateOf(code, name));
    },
    fault: () => faultIn(code),
    inputs: () => [...code.built.values()].flatMap(({ inputs }) => inputs),
    async update(definition) {
      const next = await reader.read(definition);
      const nextCode = await next.code;
      const isNews = [...nextCode.broken.keys()].some((name) => !code.broken.has(name));
      if (isNews) throw faultIn(nextCode); // what is served goes on
      const needsRestart = restartReasons(project, next.project, tables);
      await createTables(next.project);
      project = keepFixed(project, next.project);
      code = nextCode;
      replace(functionSpecs(project, code, await surroundings()));
      served = servedApis(project, root);
      for (const { gateway, api: now } of gateways) gateway.update(now());
      return { needsRestart };
    },
    async reload(files) {
      const before = code;
      const after = await reader.build(project);
      code = keepWorking(before, after);
      const names = changedFunctions(before, after, files);
      const specs = functionSpecs(project, code, await surroundings());
      replace(specs.filter(({ name, broken }) => broken !== undefined || names.includes(name)));
      return names;
    },
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

async function openTablesFor(
  project: LocalProject,
  settings: EmulatorSettings,
  keys: KeyRing,
  invocationOf: InvocationOf,
): Promise<Tables | undefined> {
  const { dynamodbEndpoint, region, accountId, journal, interference } = settings;
  if (dynamodbEndpoint !== undefined) {
    const credentials = keys.forTables;
    return openTables({ kind: "external", endpoint: dynamodbEndpoint, region, credentials });
  }
  return tablesOf(project).length === 0
    ? undefined
    : openTables({
        kind: "local",
        data: settings.dataDir,
        port: settings.dynamodbPort,
        region,
        accountId,
        secretFor: keys.secretFor,
        journal,
        invocationOf: (...call) => invocationOf(...call)?.started,
        steps: interference.tables === undefined ? [] : [interference.tables],
      });
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

function tablesOf({ tables }: LocalProject): readonly ApiTable[] {
  return Object.values(tables);
}

/** A changed definition with all that cannot be changed while it is served. */
function keepFixed(before: LocalProject, after: LocalProject): LocalProject {
  const apis = mapValues(before.apis, (api, key) => ({
    ...(after.apis[key] ?? api),
    name: api.name,
    stages: mapValues(api.stages, (stage, name) => after.apis[key]?.stages[name] ?? stage),
    customDomain: api.customDomain,
    domainName: api.domainName,
    hosts: api.hosts,
  }));
  return { ...after, name: before.name, apis };
}

function restartReasons(
  before: LocalProject,
  after: LocalProject,
  tables: Tables | undefined,
): readonly string[] {
  const keys = new Set([...Object.keys(before.apis), ...Object.keys(after.apis)]);
  const isAlone = keys.size === 1;
  const ofApis = [...keys].flatMap((key) => {
    const [old, next] = [before.apis[key], after.apis[key]];
    if (old === undefined || next === undefined) return [`apis.${key}`];
    return fixedFields(old, next).map((field) => (isAlone ? field : `apis.${key}.${field}`));
  });
  return [
    ...(before.name === after.name ? [] : ["name"]),
    ...ofApis,
    ...(tables === undefined && tablesOf(after).length > 0 ? ["tables"] : []),
  ];
}

/** The fields of an API that have changed and cannot while it is served. */
function fixedFields(before: WebSocketApi, after: WebSocketApi): readonly string[] {
  const [domain, nextDomain] = [before.customDomain, after.customDomain];
  const changed: Readonly<Record<string, boolean>> = {
    "stage.name": Object.keys(before.stages).join() !== Object.keys(after.stages).join(),
    customDomain:
      domain?.name !== nextDomain?.name || domain?.mappingKey !== nextDomain?.mappingKey,
    domainName: before.domainName !== after.domainName,
    hosts: before.hosts.join() !== after.hosts.join(),
  };
  return Object.keys(changed).filter((field) => changed[field]);
}
