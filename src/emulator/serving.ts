import type { Api } from "../definition/project.ts";
import type { RunningGateway } from "./apigateway/gateway.ts";
import { createConnectionsRouter } from "./apigateway/management/router.ts";
import {
  createWebSocketServer,
  type WebSocketServer,
} from "./apigateway/sockets/websocket-server.ts";
import { createAwsFront } from "./aws-front.ts";
import { createControlRouter } from "./control/router.ts";
import { createBareListener, createRequestListener } from "./http-server.ts";
import type { KeyRing } from "./iam/keys.ts";
import type { Lambda } from "./lambda/lambda.ts";
import type { Port } from "./network/port.ts";
import type { HostTable } from "./network/rules/aws-hosts.ts";
import type { EmulatorSettings } from "./options.ts";
import type { Stopping } from "./stopping.ts";

/** How long a client may take to answer the close frame when the emulator stops. */
const CLOSE_GRACE_MS = 1_000;

/** What `$disconnect` has left when other handlers have used up all the time that they had. */
const LATE_MS = 1_000;

/** What stands behind the port of an emulator. */
export type Served = {
  readonly gateway: RunningGateway;
  readonly lambda: Lambda;
  readonly keys: KeyRing;
  readonly hosts: HostTable;
  /** As it is now. */
  readonly api: () => Api;
  readonly dynamodbEndpoint: string | undefined;
  /** Lets other commands of wsgw in. */
  readonly controlToken: string;
};

/** Puts the gateway behind the port, gives what carries its connections, and lets it end well before anything below it is stopped. */
export function serve(
  port: Port,
  { gateway, lambda, keys, hosts, api, dynamodbEndpoint, controlToken }: Served,
  { limits, ids, journal, stopGraceMs, sourceIpHeader, interference }: EmulatorSettings,
  stopping: Stopping,
): WebSocketServer {
  const { stage, customDomain } = api();
  const router = {
    gateway,
    ids,
    journal,
    secretFor: keys.secretFor,
    bodyBytes: limits.postBytes,
    stepIn: interference.management,
  };
  const carried = interference.sockets?.(gateway) ?? gateway;
  const sockets = createWebSocketServer({ gateway: carried, limits, sourceIpHeader });
  stopping.add(() => sockets.stop(CLOSE_GRACE_MS));
  const connections = createConnectionsRouter({ ...router, prefixes: new Set([stage.name]) });
  const mappingKey = customDomain?.mappingKey ?? "";
  const mapped = createConnectionsRouter({
    ...router,
    prefixes: new Set([mappingKey]),
    host: "custom-domain",
  });
  const front = createAwsFront({
    hosts,
    api: {
      request: createRequestListener({ connections, stage: stage.name, ids }),
      upgrade: sockets.upgrade,
    },
    customDomain: createBareListener(mapped, mappingKey, ids),
    endpointFor: (service) =>
      service === "dynamodb" ? dynamodbEndpoint : api().endpoints[service],
    secretFor: keys.secretFor,
    connectionOf: lambda.connectionOf,
    journal,
  });
  stopping.add(async () => front.stop());
  const control = createControlRouter({
    token: controlToken,
    api,
    connections: gateway.list,
    journal,
  });
  port.serve({
    ...front,
    request(request, response) {
      if (!control(request, response)) front.request(request, response);
    },
  });
  stopping.add(async () => {
    gateway.drain();
    const haveEnded = await within(stopGraceMs, gateway.idle());
    // Whoever has not ended by now is waited for again with the $disconnect handlers.
    await within(haveEnded ? stopGraceMs : Math.min(stopGraceMs, LATE_MS), gateway.stop());
  });
  return sockets;
}

/** Whether the work has ended in time. */
async function within(ms: number, work: Promise<void>): Promise<boolean> {
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
