import type { RequestListener } from "node:http";
import type { RunningGateway } from "./apigateway/gateway.ts";
import { createConnectionsRouter } from "./apigateway/management/router.ts";
import {
  apiAt,
  type Entrance,
  type ServedApi,
  stagesByPath,
} from "./apigateway/rules/served-api.ts";
import {
  createWebSocketServer,
  type WebSocketServer,
} from "./apigateway/sockets/websocket-server.ts";
import { createAwsFront } from "./aws-front.ts";
import type { ControlRouter } from "./control/router.ts";
import type { Tables } from "./dynamodb/table.ts";
import { createRequestListener } from "./http-server.ts";
import type { KeyRing } from "./iam/keys.ts";
import type { InvocationOf } from "./lambda/known-invocations.ts";
import type { Port } from "./network/port.ts";
import type { HostTable } from "./network/rules/aws-hosts.ts";
import type { EmulatorSettings } from "./options.ts";
import type { Stopping } from "./stopping.ts";

/** How long a client may take to answer the close frame when the emulator stops. */
const CLOSE_GRACE_MS = 1_000;

/** What `$disconnect` has left when other handlers have used up all the time that they had. */
const LATE_MS = 1_000;

/** One API of a project, and the gateway that serves it. */
export type ServedGateway = {
  readonly gateway: RunningGateway;
  /** As it is served now. */
  readonly api: () => ServedApi;
};

/** What stands behind the port of an emulator. */
export type Served = {
  /** The first API first. */
  readonly gateways: readonly [ServedGateway, ...ServedGateway[]];
  readonly invocationOf: InvocationOf;
  readonly keys: KeyRing;
  readonly hosts: HostTable;
  /** URL of what answers for a service on this machine; `dynamodb` for the tables. */
  readonly endpointFor: (service: string) => string | undefined;
  /** Undefined when the project has none. */
  readonly tables: Tables | undefined;
  readonly control: ControlRouter;
};

type ServingSettings = Pick<
  EmulatorSettings,
  "ids" | "interference" | "journal" | "limits" | "region" | "sourceIpHeader" | "stopGraceMs"
>;

/** What carries the connections of all gateways. */
export type Sockets = Pick<WebSocketServer, "flushed">;

/** Puts the gateways behind the port, and lets them end well before anything below them is stopped. */
export function serve(
  port: Port,
  { gateways, invocationOf, keys, hosts, endpointFor, tables, control }: Served,
  settings: ServingSettings,
  stopping: Stopping,
): Sockets {
  const { limits, journal, stopGraceMs, sourceIpHeader, interference } = settings;
  const [first, ...others] = gateways.map(({ gateway, api }) => {
    const carried = interference.sockets?.(gateway) ?? gateway;
    const sockets = createWebSocketServer({ gateway: carried, limits, sourceIpHeader });
    const requests = requestListeners(gateway, api(), { invocationOf, ...keys }, settings);
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
    secretFor: keys.secretFor,
    invocationOf,
    journal,
  });
  stopping.add(async () => front.stop());
  port.serve({
    ...front,
    request(request, response) {
      if (!control(request, response)) front.request(request, response);
    },
  });
  stopping.add(async () => {
    const running = gateways.map(({ gateway }) => gateway);
    for (const gateway of running) gateway.drain();
    const haveEnded = await within(stopGraceMs, Promise.all(running.map(({ idle }) => idle())));
    // Handlers that have not ended by now are waited for again with the $disconnect handlers.
    const graceMs = haveEnded ? stopGraceMs : Math.min(stopGraceMs, LATE_MS);
    await within(graceMs, Promise.all(running.map(({ stop }) => stop())));
  });
  return {
    async flushed(connectionId) {
      await Promise.all(all.map(({ sockets }) => sockets.flushed(connectionId)));
    },
  };
}

/** What answers the plain requests to an API, by the kind of host that they came to. */
function requestListeners(
  gateway: RunningGateway,
  api: ServedApi,
  { secretFor, invocationOf }: Pick<KeyRing, "secretFor"> & Pick<Served, "invocationOf">,
  { ids, journal, limits, region, interference }: ServingSettings,
): Readonly<Record<Entrance, RequestListener>> {
  const listener = (entrance: Entrance): RequestListener => {
    const prefixes = new Set(stagesByPath(api, entrance).keys());
    const connections = createConnectionsRouter({
      gateway,
      ids,
      journal,
      prefixes,
      host: entrance === "custom-domain" ? "custom-domain" : "default",
      isTlsOnly: entrance !== "elsewhere",
      secretFor,
      region,
      invocationOf,
      bodyBytes: limits.postBytes,
      stepIn: interference.management,
    });
    return createRequestListener(connections, prefixes, ids);
  };
  return {
    "execute-api": listener("execute-api"),
    "custom-domain": listener("custom-domain"),
    elsewhere: listener("elsewhere"),
  };
}

/** Whether the work has ended in time. */
async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  try {
    return await Promise.race([work.then(() => true), limit]);
  } finally {
    clearTimeout(timer);
  }
}
