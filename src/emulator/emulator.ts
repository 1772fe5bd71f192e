import { identityUndefined } from "../definition/identities.ts";
import type { LocalProject } from "../definition/local-project.ts";
import type { IdentityDefinition } from "../definition/parts.ts";
import { WsgwError } from "../errors.ts";
import { addressesOf } from "./addresses.ts";
import { changesOf } from "./apply-changes.ts";
import { faultIn, reportBroken, stateOf } from "./broken-functions.ts";
import { CONTROL_PATH, CONTROL_VERSION, METRICS_PATH } from "./control/protocol.ts";
import { createTables } from "./dynamodb/seed.ts";
import { domainsOf, nameOfGateway, networkOf, servedApis } from "./host-table.ts";
import { createKeyRing, keysIn } from "./iam/keys.ts";
import { Permissions } from "./iam/permissions.ts";
import { createKnownInvocations } from "./lambda/known-invocations.ts";
import { apiIdOf } from "./local-ids.ts";
import { LogFiles } from "./log-files.ts";
import { type Certificates, loadCertificates } from "./network/certificates/certificates.ts";
import { DESCRIPTORS_EXHAUSTED } from "./network/file-descriptors.ts";
import { type Port, startPort } from "./network/port.ts";
import { executeApiHost } from "./network/rules/hosts.ts";
import { localName, urlHost } from "./network/rules/public-host.ts";
import {
  type Emulator,
  type EmulatorOptions,
  type EmulatorSettings,
  fillInOptions,
} from "./options.ts";
import { createOwnHosts } from "./own-hosts.ts";
import { createProjectReader } from "./project.ts";
import { openTablesFor } from "./project-tables.ts";
import { runFunctions } from "./running-functions.ts";
import { runGateways } from "./running-gateways.ts";
import { ServedProject } from "./served-project.ts";
import { createStopping, type Stopping } from "./stopping.ts";

export type { Emulator, EmulatorOptions } from "./options.ts";

/** Starts an emulator. Throws a WsgwError with all errors in the definition. */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const stopping = createStopping();
  try {
    return await compose(fillInOptions(options), stopping);
  } catch (error) {
    await stopping.stop().catch(() => {}); // the first error is the one that the user can fix
    throw error;
  }
}

/** Starts everything in order; parts in `stopping` stop in reverse. */
async function compose(settings: EmulatorSettings, stopping: Stopping): Promise<Emulator> {
  const { host, journal, root, stateDir } = settings;
  const opened = await openProject(settings, stopping);
  const { reader, served, keys, permissions, port, certificates, tables, invocations } = opened;
  const { hosts } = served;
  const { caPem, caFile } = certificates;
  const gatewayPort = settings.gatewayPort ?? port.port;
  const network = () => networkOf(hosts, served.project.endpoints, settings, gatewayPort);
  const { address } = network();
  const ownHosts = createOwnHosts({ stateDir, caPem, hosts, address, keys: keys.developer });
  stopping.add(ownHosts.stop);
  const logFiles = new LogFiles({
    ...settings,
    stageOf: ({ api, stage }) => served.project.apis[api]?.stages[stage],
  });
  stopping.add(() => logFiles.stop());
  const functions = await runFunctions(served, settings, { ...opened, network }, stopping);
  functions.warm(); // the environments start while this process loads DynamoDB
  await createTables(served.project, tables, root);

  const { lambda, calls } = functions;
  const own = `${urlHost(nameOfGateway(settings))}:${gatewayPort}`;
  const ways = { port, own, keys, permissions, tables, functions, invocations };
  const gateways = runGateways(served, settings, ways, stopping);
  const addresses = addressesOf(served, nameOfGateway(settings), port.port, own);
  const local = addressesOf(served, localName(host), port.port, own);
  return {
    ...addresses,
    get apis() {
      return addresses.apis; // the spread would keep those of the start
    },
    publicHost: settings.publicHost,
    issuer: settings.signer?.issuer,
    metricsUrl: settings.metrics ? new URL(METRICS_PATH, local.managementUrl).href : undefined,
    local,
    dynamodbEndpoint: tables?.endpoint,
    region: settings.region,
    host,
    port: port.port,
    caPem,
    caFile,
    credentials: keys.developer,
    credentialsOf: (identity) =>
      gateways.credentialsOf(identity) ?? failUnknown(identity, served.project),
    programEnvironment: ownHosts.environmentFor,
    control: {
      url: new URL(CONTROL_PATH, local.managementUrl).href,
      token: gateways.controlToken,
      version: CONTROL_VERSION,
    },
    journal,
    get project() {
      return served.project;
    },
    counts: gateways.counts,
    get functions() {
      return Object.keys(served.project.functions).map((name) => stateOf(served.code, name));
    },
    fault: () => faultIn(served.code),
    inputs: () => [...served.code.built.values()].flatMap(({ inputs }) => inputs),
    ...changesOf(served, { reader, tables, permissions, functions, gateways, root }),
    invoke: (functionName, payload, options) =>
      lambda.invoke({ functionName, payload, ...options }),
    // A call that waits for another function cannot get further.
    callsUnderWay: () => calls.count() - functions.api.waiting(),
    flushed: gateways.flushed,
    async idle() {
      await gateways.idle();
      await lambda.idle(); // a function may run longer than its route's timeout
      await calls.idle();
    },
    stop: stopping.stop,
  };
}

function failUnknown(identity: string, { apis }: LocalProject): never {
  const names = Object.values(apis).flatMap(({ identities }) => Object.keys(identities));
  throw new WsgwError("USAGE", identityUndefined(identity, names));
}

function mocked(identity: IdentityDefinition): string {
  return `wsgw does not call authorizers: every client has the identity ${JSON.stringify(identity)}.`;
}

const ALLOWED =
  "Calls of services that wsgw does not emulate reach AWS, with the AWS keys of this shell if it has any.";

/** Reads the project and prepares what serves it; nothing runs yet. */
async function openProject(settings: EmulatorSettings, stopping: Stopping) {
  const keys = createKeyRing({
    awsKeys: settings.allowAws ? keysIn(process.env) : undefined,
    shared: settings.dynamodbEndpoint !== undefined,
  });
  const reader = createProjectReader(settings);
  stopping.add(reader.stop);
  if (settings.allowAws) settings.journal.record({ type: "warning", message: ALLOWED });
  if (settings.mockedIdentity !== undefined) {
    settings.journal.record({ type: "warning", message: mocked(settings.mockedIdentity) });
  }
  const { project: defined, code } = await reader.read(settings.definition);
  const project = reader.local(defined);
  const { port, certificates } = await openPort(project, settings, stopping);
  const invocations = createKnownInvocations();
  const permissions = new Permissions({
    mode: settings.permissions,
    file: settings.source,
    apiIdOf: (name) => apiIdOf(settings.root, name),
    clock: settings.clock,
    journal: settings.journal,
  });
  permissions.follow(project, defined);
  const { check } = permissions;
  const tables = await openTablesFor(project, settings, keys, invocations.of, check);
  if (tables !== undefined) stopping.add(tables.stop);
  const served = new ServedProject(project, await code, settings.root);
  reportBroken(served.code, settings);
  return { reader, served, keys, permissions, port, certificates, tables, invocations };
}

async function openPort(
  project: LocalProject,
  settings: EmulatorSettings,
  stopping: Stopping,
): Promise<{ readonly port: Port; readonly certificates: Certificates }> {
  const { host, journal, root, stateDir } = settings;
  const apis = servedApis(project, root);
  const certificates = loadCertificates({
    stateDir,
    names: [host],
    apiHosts: apis.map(({ apiId }) => executeApiHost(apiId, project.region)),
    publicHost: nameOfGateway(settings),
    domains: domainsOf(apis),
    now: Date.now(),
  });
  const port = await startPort({
    host,
    port: settings.port,
    orNext: settings.orNextPort,
    certificates,
    onExhausted: () => journal.record({ type: "warning", message: DESCRIPTORS_EXHAUSTED }),
  });
  stopping.add(port.stop);
  return { port, certificates };
}
