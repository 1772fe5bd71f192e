import { randomBytes } from "node:crypto";
import { createClock } from "../clock.ts";
import type { Api } from "../definition/project.ts";
import { createGateway } from "./apigateway/gateway.ts";
import { CONTROL_PATH } from "./control/protocol.ts";
import { createControlRouter } from "./control/router.ts";
import { plantSeeds, readSeeds } from "./dynamodb/seed.ts";
import { openTables, type Tables } from "./dynamodb/table.ts";
import { recordWrites } from "./dynamodb/writes.ts";
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
  domainNameOf,
  entranceAt,
  hostsOf,
  nameOfGateway,
  networkOf,
  servedApis,
  urlsOf,
} from "./host-table.ts";
import { createKeyRing, type KeyRing, keysIn } from "./iam/keys.ts";
import { withCallers } from "./interference.ts";
import type { Recorder } from "./journal/journal.ts";
import type { FunctionSpec } from "./lambda/environment.ts";
import type { LambdaFact } from "./lambda/facts.ts";
import { createOpenCalls } from "./lambda/in-process/open-calls.ts";
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
} from "./options.ts";
import { createProgramHost } from "./programs.ts";
import { createProject } from "./project.ts";
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
  const keys = createKeyRing(settings.allowAws ? keysIn(process.env) : undefined);

  const project = createProject(settings);
  stopping.add(project.stop);
  if (settings.allowAws) journal.record({ type: "warning", message: ALLOWED });
  const first = await project.read(settings.definition);
  let { api } = first;

  const certificates = loadCertificates({
    stateDir: settings.stateDir,
    names: [host],
    publicHost: nameOfGateway(settings),
    domain: api.customDomain?.name,
    now: Date.now(),
  });
  const port = await startPort({ host, port: settings.port, certificates });
  stopping.add(port.stop);
  const gatewayPort = settings.gatewayPort ?? port.port;
  const invocations = createKnownInvocations();
  const tables = await openTablesFor(api, settings, keys, invocations.of);
  if (tables !== undefined) stopping.add(tables.stop);

  let code = await first.code;
  let served = servedApis(api, root);
  const hosts = hostsOf(served, region);
  const network = () => networkOf(hosts, api.endpoints, settings, gatewayPort);
  reportBroken(code, settings);
  const programs = createProgramHost({
    stateDir: settings.stateDir,
    caPem: certificates.caPem,
    network,
  });
  stopping.add(programs.stop);
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
  const calls = createOpenCalls();
  const isDebugged = settings.inspectPort !== undefined;
  const environments = createEnvironments(settings, {
    ca: certificates.caPem,
    program: programs.start,
    calls,
    invocations,
    onBroken: (name) => lambda.warm(name),
  });
  stopping.add(environments.stop);
  const functions = functionSpecs(api, code, await surroundings());
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
  const createTables = async (next: Api): Promise<void> => {
    const seeds = readSeeds(next, root);
    const fresh = (await tables?.create(tablesOf(next))) ?? [];
    if (tables !== undefined && seeds.size > 0) await plantSeeds(tables.dynamoDb, seeds, fresh);
  };
  // The first environment comes up while this process loads the DynamoDB, the others while that makes tables.
  const [soonest, ...soon] = isDebugged
    ? functions.map(({ name }) => name)
    : firstNeeded(api, settings.warm);
  if (soonest !== undefined) lambda.warm(soonest);
  const created = createTables(api);
  for (const name of soon) lambda.warm(name);
  await created;

  const ownHost = `${urlHost(nameOfGateway(settings))}:${gatewayPort}`;
  const gateways = mapFirst(served, (first, at) => ({
    api: () => served[at] ?? first,
    gateway: createGateway({
      api: first,
      domainName: domainNameOf(first, api.domainName, region, ownHost),
      entranceOf: (rawHeaders) => entranceAt(hosts, rawHeaders),
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
    service === "dynamodb" ? dynamodbEndpoint : api.endpoints[service];
  const token = randomBytes(24).toString("base64url");
  const control = createControlRouter({
    token,
    api: () => api,
    connections: () => gateways.flatMap(({ gateway }) => gateway.list()),
    journal,
  });
  const sockets = serve(
    port,
    { gateways, invocationOf: invocations.of, keys, hosts, endpointFor, control },
    settings,
    stopping,
  );

  /** A debugger wants to be there before the next event is. */
  function replace(specs: readonly FunctionSpec[]): void {
    lambda.replace(specs);
    if (isDebugged) for (const { name } of specs) lambda.warm(name);
  }

  const local = urlsOf(localName(host), port.port, api.stage.name);
  return {
    ...urlsOf(nameOfGateway(settings), port.port, api.stage.name),
    publicHost: settings.publicHost,
    local,
    dynamodbEndpoint,
    host,
    port: port.port,
    caPem: certificates.caPem,
    caFile: certificates.caFile,
    credentials: keys.developer,
    control: { url: new URL(CONTROL_PATH, local.managementUrl).href, token },
    get api() {
      return api;
    },
    journal,
    get functions() {
      return Object.keys(api.functions).map((name) => stateOf(code, name));
    },
    fault: () => faultIn(code),
    inputs: () => [...code.built.values()].flatMap(({ inputs }) => inputs),
    async update(definition) {
      const next = await project.read(definition);
      const nextCode = await next.code;
      const isNews = [...nextCode.broken.keys()].some((name) => !code.broken.has(name));
      if (isNews) throw faultIn(nextCode); // what is served goes on
      const needsRestart = restartReasons(api, next.api, tables);
      await createTables(next.api);
      api = keepFixed(api, next.api);
      code = nextCode;
      replace(functionSpecs(api, code, await surroundings()));
      served = servedApis(api, root);
      for (const { gateway, api: now } of gateways) gateway.update(now());
      return { needsRestart };
    },
    async reload(files) {
      const before = code;
      const after = await project.build(api);
      code = keepWorking(before, after);
      const names = changedFunctions(before, after, files);
      const specs = functionSpecs(api, code, await surroundings());
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
  api: Api,
  { dataDir, dynamodbEndpoint, region, journal, interference }: EmulatorSettings,
  keys: KeyRing,
  invocationOf: InvocationOf,
): Promise<Tables | undefined> {
  if (dynamodbEndpoint !== undefined) {
    const credentials = keys.developer;
    return openTables({ kind: "external", endpoint: dynamodbEndpoint, region, credentials });
  }
  return tablesOf(api).length === 0
    ? undefined
    : openTables({
        kind: "local",
        data: dataDir,
        region,
        onWrites: recordWrites(journal, keys, (...call) => invocationOf(...call)?.started),
        stepIn: withCallers(interference.tables, keys, invocationOf),
      });
}

function tablesOf(api: Api): Api["tables"][string][] {
  return Object.values(api.tables);
}

/** A changed definition with all that cannot be changed while it is served. */
function keepFixed(before: Api, after: Api): Api {
  const { name, stage, customDomain, domainName } = before;
  return { ...after, name, stage: { ...after.stage, name: stage.name }, customDomain, domainName };
}

function restartReasons(before: Api, after: Api, tables: Tables | undefined): readonly string[] {
  const reasons: string[] = [];
  if (before.name !== after.name) reasons.push("name");
  if (before.stage.name !== after.stage.name) reasons.push("stage.name");
  const { name, mappingKey } = after.customDomain ?? {};
  if (before.customDomain?.name !== name || before.customDomain?.mappingKey !== mappingKey) {
    reasons.push("customDomain");
  }
  if (before.domainName !== after.domainName) reasons.push("domainName");
  if (tables === undefined && tablesOf(after).length > 0) reasons.push("tables");
  return reasons;
}
