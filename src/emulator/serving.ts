import type { RequestListener } from "node:http";
import type { RunningGateway } from "./apigateway/gateway.ts";
import type { Iam } from "./apigateway/gateway-parts.ts";
import {
  type CallHearing,
  createConnectionsRouter,
} from "./apigateway/management/management-api.ts";
import type { RequestLog } from "./apigateway/requests/request-log.ts";
import type { Entrance } from "./apigateway/rules/domain-name.ts";
import { apiAt, stagesByPath } from "./apigateway/rules/reachable-stages.ts";
import type { ServedApi } from "./apigateway/rules/served-api.ts";
import {
  createWebSocketServer,
  type WebSocketServer,
} from "./apigateway/sockets/websocket-server.ts";
import type { Throttling } from "./apigateway/throttling/throttling.ts";
import { createAwsFront } from "./aws-front.ts";
import type { ControlRouter } from "./control/router.ts";
import type { Tables } from "./dynamodb/table.ts";
import { createHttpRouteWarner, createRequestListener } from "./http-requests.ts";
import type { KeyRing } from "./iam/keys.ts";
import type { CheckPermission } from "./iam/permissions.ts";
import type { LambdaApi } from "./lambda/api/front.ts";
import type { KnownInvocations } from "./lambda/known-invocations.ts";
import type { Lambda } from "./lambda/lambda.ts";
import type { Port } from "./network/port.ts";
import type { HostTable } from "./network/rules/hosts.ts";
import type { EmulatorSettings } from "./options.ts";
import { endGateways } from "./shutdown.ts";
import type { Stopping } from "./stopping.ts";

/** Time for a client to answer the close frame when the emulator stops. */
const CLOSE_GRACE_MS = 1_000;

/** One API of a project, and the gateway that serves it. */
export type ServedGateway = {
  readonly gateway: RunningGateway;
  /** The API as currently served. */
  readonly api: () => ServedApi;
};

/** The functions of a project, as used by AWS calls and shutdown. */
export type ServedFunctions = {
  readonly api: LambdaApi;
  readonly lambda: Pick<Lambda, "idle" | "stopRetries">;
};

/** The parts behind the port of an emulator. */
export type Served = {
  /** The gateway of the default API is first. */
  readonly gateways: readonly [ServedGateway, ...ServedGateway[]];
  readonly invocations: Pick<KnownInvocations, "of" | "isRunning">;
  readonly keys: KeyRing;
  readonly check: CheckPermission;
  readonly throttling: Throttling;
  readonly requests: RequestLog;
  readonly roleSessionOf: Iam["roleSessionOf"];
  readonly hosts: HostTable;
  /** URL of a service's local endpoint; `dynamodb` for the tables. */
  readonly endpointFor: (service: string) => string | undefined;
  /** Undefined if the project has none. */
  readonly tables: Tables | undefined;
  readonly functions: ServedFunctions;
  readonly control: ControlRouter;
  /** Sets a local client's mock identity. */
  readonly identityHeader: string;
};

type ServingSettings = Pick<
  EmulatorSettings,
  | "accountId"
  | "allowAws"
  | "clock"
  | "httpApis"
  | "ids"
  | "interference"
  | "issuers"
  | "journal"
  | "limits"
  | "region"
  | "sourceIpHeader"
  | "stopGraceMs"
>;

/** The connections of all gateways. */
export type Sockets = Pick<WebSocketServer, "flushed">;

/** Connects the gateways to the port, and lets them end before anything below them stops. */
export function serve(
  port: Port,
  { gateways, identityHeader, ...served }: Served,
  settings: ServingSettings,
  stopping: Stopping,
): Sockets {
  const { ids, limits, journal, interference } = settings;
  const { invocations, keys, check, hosts, endpointFor, tables, functions, control } = served;
  const onRejected = createHttpRouteWarner(settings.httpApis, journal);
  const secretHeaders = { sourceIp: settings.sourceIpHeader, identity: identityHeader };
  const [first, ...others] = gateways.map(({ gateway, api }) => {
    const carried = interference.sockets?.(gateway) ?? gateway;
    const sockets = createWebSocketServer({ gateway: carried, ids, limits, secretHeaders });
    const { throttling, roleSessionOf } = served;
    const hearing = {
      of: (stage: string) => served.requests.of(api(), stage),
      clock: settings.clock,
      roleSessionOf,
    };
    const callers = { invocations, check, throttling, secretFor: keys.secretFor, hearing };
    const requests = requestListeners(gateway, api(), { ...callers, onRejected }, settings);
    return { ...api(), gateway, sockets, requests, upgrade: sockets.upgrade };
  });
  if (first === undefined) throw new Error("a project without an API is served");
  const all = [first, ...others] as const;
  stopping.add(async () => {
    await Promise.all(all.map(({ sockets }) => sockets.stop(CLOSE_GRACE_MS)));
  });
  const front = createAwsFront({
    hosts,
    apiAt: (place, path) => apiAt(all, place, path),
    endpointFor,
    tables: tables?.listener,
    lambda: functions.api,
    allowAws: settings.allowAws,
    issuers: settings.issuers,
    check,
    accountId: settings.accountId,
    secretFor: keys.secretFor,
    invocationOf: invocations.of,
    journal,
  });
  stopping.add(async () => front.stop());
  port.serve({
    ...front,
    request(request, response) {
      if (!control(request, response)) front.request(request, response);
    },
  });
  const running = gateways.map(({ gateway }) => gateway);
  stopping.add(() => endGateways(running, functions.lambda, settings));
  return {
    async flushed(connectionId) {
      await Promise.all(all.map(({ sockets }) => sockets.flushed(connectionId)));
    },
  };
}

/** Answers the plain requests to an API, by kind of host. */
function requestListeners(
  gateway: RunningGateway,
  api: ServedApi,
  {
    onRejected,
    ...callers
  }: Pick<KeyRing, "secretFor"> &
    Pick<Served, "invocations" | "check" | "throttling"> & {
      readonly hearing: CallHearing;
      readonly onRejected: (method: string, url: string) => void;
    },
  { ids, journal, limits, region, accountId, interference }: ServingSettings,
): Readonly<Record<Entrance, RequestListener>> {
  const listener = (entrance: Entrance): RequestListener => {
    const stages = stagesByPath(api, entrance);
    const connections = createConnectionsRouter({
      gateway,
      ids,
      journal,
      stages,
      host: entrance === "custom-domain" ? "custom-domain" : "default",
      isTlsOnly: entrance !== "elsewhere",
      ...callers,
      place: { region, accountId, apiId: api.apiId },
      bodyBytes: limits.postBytes,
      stepIn: interference.management,
    });
    const heard = entrance === "elsewhere" ? onRejected : undefined;
    return createRequestListener(connections, new Set(stages.keys()), ids, heard);
  };
  return {
    "execute-api": listener("execute-api"),
    "custom-domain": listener("custom-domain"),
    elsewhere: listener("elsewhere"),
  };
}
