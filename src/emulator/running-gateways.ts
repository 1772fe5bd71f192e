import { randomBytes } from "node:crypto";
import { lambdaName } from "../definition/lambda-name.ts";
import { isForThisMachine } from "../values/loopback.ts";
import { UsagePlans } from "./apigateway/api-keys/usage-plans.ts";
import { identityHeader } from "./apigateway/authorizers/rules/mocked-identity.ts";
import { createGateway } from "./apigateway/gateway.ts";
import type { GatewayParts, Iam } from "./apigateway/gateway-parts.ts";
import {
  type CountsOf,
  type MetricCounts,
  Metrics,
} from "./apigateway/requests/prometheus-metrics.ts";
import { RequestLog } from "./apigateway/requests/request-log.ts";
import { reachedBy } from "./apigateway/rules/domain-name.ts";
import { Throttling } from "./apigateway/throttling/throttling.ts";
import { type Controlled, type ControlRouter, createControlRouter } from "./control/router.ts";
import type { Tables } from "./dynamodb/table.ts";
import type { KeyRing, Keys } from "./iam/keys.ts";
import type { Permissions } from "./iam/permissions.ts";
import { warnOnce } from "./journal/warn-once.ts";
import type { KnownInvocations } from "./lambda/known-invocations.ts";
import type { Lambda } from "./lambda/lambda.ts";
import { functionArn } from "./lambda/rules/environment-variables.ts";
import { isUntimed } from "./lambda/rules/while-debugging.ts";
import { apiKeyIdOf } from "./local-ids.ts";
import type { Port } from "./network/port.ts";
import { localEndpoint } from "./network/rules/local-endpoints.ts";
import type { EmulatorSettings } from "./options.ts";
import type { ServedProject } from "./served-project.ts";
import { type ServedFunctions, type ServedGateway, type Sockets, serve } from "./serving.ts";
import type { Stopping } from "./stopping.ts";

/** The gateways of a project at one port, one for each API. */
export type RunningGateways = Sockets & {
  /** Authorizes other processes of this machine. */
  readonly controlToken: string;
  /** Keys of a mock identity; undefined if no API has it. */
  credentialsOf(identity: string): Keys | undefined;
  /** The summed counts; zero without the setting. */
  counts(of: CountsOf): MetricCounts;
  /** Serves the changed APIs. */
  update(): void;
  /** Resolves when no handler runs for any of them. */
  idle(): Promise<void>;
};

type Parts = {
  readonly port: Port;
  /** The host and port that the APIs share. */
  readonly own: string;
  readonly keys: KeyRing;
  readonly permissions: Permissions;
  readonly tables: Tables | undefined;
  readonly functions: ServedFunctions & { readonly lambda: Lambda };
  readonly invocations: KnownInvocations;
};

/** Serves the APIs of a project. */
export function runGateways(
  served: ServedProject,
  settings: EmulatorSettings,
  parts: Parts,
  stopping: Stopping,
): RunningGateways {
  const { port, own, keys, permissions, tables, functions, invocations } = parts;
  const iam = iamOf(keys, permissions, settings);
  const throttling = new Throttling(settings.clock, () => served.project.accountLimits);
  const counted = new Metrics();
  const metrics = settings.metrics ? counted : undefined;
  const requests = requestLogOf(served, settings, metrics);
  const { invoke } = functions.lambda;
  const services = servicesOf(served, parts);
  const gateways = gatewaysOf(served, settings, own, {
    invoke,
    iam,
    throttling,
    services,
    requests,
  });
  const credentialsOf = (name: string): Keys | undefined => {
    const api = served.apis.find(({ identities }) => Object.hasOwn(identities, name));
    return api && iam.keysOf({ ...api.identities[name], name });
  };
  const controlToken = randomBytes(24).toString("base64url");
  const sockets = serve(
    port,
    {
      gateways,
      throttling,
      requests,
      roleSessionOf: permissions.roleSessionOf,
      invocations,
      keys,
      check: permissions.check,
      hosts: served.hosts,
      endpointFor: services.endpointFor,
      tables,
      functions,
      control: controlOf(controlToken, served, gateways, {
        ...settings,
        credentialsOf,
        metricsText: metrics && (() => metrics.text()),
      }),
      identityHeader: identityHeader(controlToken),
    },
    settings,
    stopping,
  );
  return {
    ...sockets,
    controlToken,
    credentialsOf,
    counts: (of) => counted.counts(of),
    update() {
      for (const { gateway, api } of gateways) gateway.update(api());
    },
    async idle() {
      await Promise.all(gateways.map(({ gateway }) => gateway.idle()));
    },
  };
}

function requestLogOf(
  served: ServedProject,
  { journal, ids, region, accountId, logsRequests, logsExecution }: EmulatorSettings,
  metrics: Metrics | undefined,
): RequestLog {
  return new RequestLog(journal, {
    ids,
    region,
    accountId,
    arnOf(name) {
      const fn = served.project.functions[name];
      return functionArn(region, accountId, fn === undefined ? name : lambdaName(fn));
    },
    logsAccess: logsRequests,
    logsExecution,
    metrics,
  });
}

/** The parts that replace, on this machine, the AWS services that integrations call. */
function servicesOf(
  served: ServedProject,
  { own, keys, tables, invocations }: Pick<Parts, "own" | "keys" | "tables" | "invocations">,
): GatewayParts["services"] {
  return {
    endpointFor: (service) =>
      localEndpoint(service, {
        tables: tables?.endpoint,
        endpoints: served.project.endpoints,
        own,
      }),
    vpcLinkOf(id) {
      const { vpcLinks } = served.project;
      return Object.hasOwn(vpcLinks, id) ? vpcLinks[id] : undefined;
    },
    credentialsFor: (service) =>
      service === "dynamodb" && tables !== undefined ? tables.dynamoDb.credentials : keys.developer,
    invocations,
  };
}

/** Keys and permissions in the form that gateways use. */
function iamOf(keys: KeyRing, permissions: Permissions, { clock, journal }: EmulatorSettings): Iam {
  return {
    secretFor: keys.secretFor,
    keysOf: ({ name, durationSeconds }) =>
      name === undefined ? keys.developer : keys.forIdentity(name, durationSeconds, clock.now()),
    mode: permissions.mode,
    check: permissions.check,
    roleSessionOf: permissions.roleSessionOf,
    warnOnce: warnOnce(journal),
  };
}

/** The gateway of the default API is first. */
function gatewaysOf(
  served: ServedProject,
  settings: EmulatorSettings,
  own: string,
  parts: Pick<GatewayParts, "invoke" | "iam" | "throttling" | "services" | "requests">,
): readonly [ServedGateway, ...ServedGateway[]] {
  const { limits, nullIsSuccess, pingsResetIdle, interference, journal, clock, ids } = settings;
  const { region, accountId } = settings;
  const { hosts } = served;
  const { invoke, throttling } = parts;
  const usagePlans = new UsagePlans({
    clock,
    throttling,
    project: () => served.project,
    idOf: (name) => apiKeyIdOf(settings.root, name),
  });
  return mapFirst(served.apis, (api, at) => ({
    api: () => served.apis[at] ?? api,
    gateway: createGateway({
      ...parts,
      api,
      reachedBy: (rawHeaders) => reachedBy(api, hosts, own, rawHeaders),
      limits,
      nullIsSuccess,
      pingsResetIdle,
      untimed: isUntimed(settings.inspectPort),
      invoke: interference.invoke?.(invoke) ?? invoke,
      region,
      accountId,
      mocking: {
        clientsMayMock: isForThisMachine(settings),
        everybody: settings.mockedIdentity,
      },
      stepIntoIntegration: interference.integrations,
      usagePlans,
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
  {
    journal,
    signer,
    clock,
    credentialsOf,
    metricsText,
  }: Pick<Controlled, "credentialsOf" | "metricsText"> & EmulatorSettings,
): ControlRouter {
  return createControlRouter({
    token,
    project: () => served.project,
    credentialsOf,
    metricsText,
    connections: () =>
      gateways.flatMap(({ gateway, api }) =>
        gateway.list().map((connection) => ({ api: api().key, ...connection })),
      ),
    journal,
    sign:
      signer && (({ claims, ...wish }) => signer.sign(claims, { ...wish, issuedAt: clock.now() })),
  });
}

/** Maps a nonempty array to a nonempty array. */
function mapFirst<From, To>(
  [first, ...others]: readonly [From, ...From[]],
  to: (from: From, at: number) => To,
): readonly [To, ...To[]] {
  return [to(first, 0), ...others.map((other, at) => to(other, at + 1))];
}
