import { createManualClock } from "../../../src/clock.ts";
import type { Route } from "../../../src/definition/project.ts";
import { UsagePlans } from "../../../src/emulator/apigateway/api-keys/usage-plans.ts";
import { createGateway } from "../../../src/emulator/apigateway/gateway.ts";
import type { GatewayParts } from "../../../src/emulator/apigateway/gateway-parts.ts";
import type { Handshake } from "../../../src/emulator/apigateway/ports.ts";
import { RequestLog } from "../../../src/emulator/apigateway/requests/request-log.ts";
import type { EndedRequest } from "../../../src/emulator/apigateway/requests/rules/ended-request.ts";
import type { WebSocketEvent } from "../../../src/emulator/apigateway/rules/event-types.ts";
import { LIMITS } from "../../../src/emulator/apigateway/rules/limits.ts";
import type { ServedApi } from "../../../src/emulator/apigateway/rules/served-api.ts";
import { Throttling } from "../../../src/emulator/apigateway/throttling/throttling.ts";
import type { Fact } from "../../../src/emulator/facts.ts";
import { createKeyRing } from "../../../src/emulator/iam/keys.ts";
import { createJournal, type FactId } from "../../../src/emulator/journal/journal.ts";
import type { FunctionCall, Outcome } from "../../../src/emulator/lambda/function-call.ts";
import { createKnownInvocations } from "../../../src/emulator/lambda/known-invocations.ts";
import { createIds, type Ids } from "../../../src/ids.ts";

export const OK: Outcome = { kind: "returned", payload: '{"statusCode":200}' };
export const MINUTE = 60_000;

export function route(routeKey: string, more: Partial<Route> = {}): Route {
  return {
    routeKey,
    integration: { type: "lambda-proxy", function: routeKey.replace("$", "") },
    operationName: undefined,
    authorizer: undefined,
    apiKeyRequired: false,
    routeResponse: false,
    integrationTimeout: 29_000,
    modelSelectionExpression: undefined,
    requestModels: {},
    ...more,
  };
}

/** An API with the stage `dev`. */
export function api(routes: readonly Route[], more: Partial<ServedApi> = {}): ServedApi {
  return {
    key: "chat",
    apiId: "abcdef1234",
    models: {},
    routeSelectionExpression: "$request.body.action",
    apiKeySelectionExpression: "$request.header.x-api-key",
    stages: {
      dev: {
        name: "dev",
        description: undefined,
        variables: {},
        throttle: undefined,
        accessLog: undefined,
        executionLog: undefined,
        detailedMetrics: undefined,
      },
    },
    routes: Object.fromEntries(routes.map((entry) => [entry.routeKey, entry])),
    authorizers: {},
    identities: {},
    customDomain: undefined,
    domainName: "localhost",
    hosts: [],
    ...more,
  };
}

/** The routes of most tests: `ask` is two-way. */
export const ALL = [
  route("$connect"),
  route("$disconnect"),
  route("join"),
  route("ask", { routeResponse: true }),
];

/** When the clock of a started gateway begins. */
export const START = Date.UTC(2026, 0, 1);

/** What events and reports say about the first connection of a gateway with counting ids. */
export const CONNECTION = {
  connectionId: "connection-1",
  connectedAt: START,
  stage: "dev",
  stageVariables: {},
  domainName: "localhost:3001",
  apiId: "abcdef1234",
  identity: { sourceIp: "127.0.0.1" },
};

type Own = Pick<GatewayParts, "clock" | "throttling">;

/**
 * A gateway whose functions answer as `answers` says, or OK; calls and socket traffic are kept. `settings` may depend on
 * its own clock and limits.
 */
export function start(
  routes: readonly Route[] = ALL,
  answers: Record<string, (call: FunctionCall) => Promise<Outcome>> = {},
  settings: Partial<GatewayParts> | ((own: Own) => Partial<GatewayParts>) = {},
) {
  const clock = createManualClock(START);
  const keys = createKeyRing();
  const journal = createJournal<Fact>(() => clock.now());
  const calls: FunctionCall[] = [];
  const throttling = new Throttling(clock, () => undefined);
  const project = () => ({ apiKeys: {}, usagePlans: {} });
  const gateway = createGateway({
    api: api(routes),
    reachedBy: () => ({ entrance: "elsewhere", domainName: "localhost:3001", host: undefined }),
    limits: LIMITS,
    nullIsSuccess: false,
    requests: new RequestLog(journal, {
      ids: createIds(clock),
      region: "us-east-1",
      accountId: "123456789012",
      arnOf: (name) => name,
      logsAccess: false,
      logsExecution: false,
      metrics: undefined,
    }),
    region: "us-east-1",
    accountId: "123456789012",
    throttling,
    services: {
      endpointFor: () => undefined,
      vpcLinkOf: () => undefined,
      credentialsFor: () => keys.developer,
      invocations: createKnownInvocations(),
    },
    usagePlans: new UsagePlans({ clock, throttling, project, idOf: (name) => name }),
    mocking: { clientsMayMock: false, everybody: undefined },
    iam: {
      secretFor: keys.secretFor,
      keysOf: () => keys.developer,
      mode: "enforce",
      check: () => undefined,
      roleSessionOf: () => undefined,
      warnOnce: () => {},
    },
    invoke: (call) => {
      calls.push(call);
      return answers[call.functionName]?.(call) ?? Promise.resolve(OK);
    },
    journal,
    clock,
    ids: createIds(clock),
    ...(typeof settings === "function" ? settings({ clock, throttling }) : settings),
  });

  const ask = (handshake: Partial<Handshake> = {}) =>
    gateway.connect({ url: "/dev", rawHeaders: [], sourceIp: "127.0.0.1", ...handshake });

  async function connect(handshake: Partial<Handshake> = {}) {
    const sent: string[] = [];
    const closes: { code: number; reason: string }[] = [];
    const decision = await ask(handshake);
    if (decision.kind === "reject") throw new Error(decision.because);
    const { connectionId } = decision;
    gateway.open(connectionId, {
      send: (text) => sent.push(text),
      isFull: () => false,
      close: (code, reason) => closes.push({ code, reason }),
    });
    const say = (text: string) =>
      gateway.message(connectionId, { kind: "text", text, bytes: Buffer.byteLength(text) });
    return { connectionId, sent, closes, say };
  }

  const disconnects = () => calls.filter((call) => call.functionName === "disconnect");
  return { gateway, clock, journal, calls, ask, connect, disconnects };
}

export const contextOf = ({ payload }: FunctionCall) => (payload as WebSocketEvent).requestContext;

/** A promise that is settled from outside. */
export function held() {
  let release: (outcome: Outcome) => void = () => {};
  const promise = new Promise<Outcome>((resolve) => {
    release = resolve;
  });
  return { promise, release };
}

/** Ids that count: `connection-1`, `request-1` … */
export function countingIds(): Ids {
  const counts = new Map<string, number>();
  const next = (kind: string) => {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return `${kind}-${count}`;
  };
  return {
    connectionId: () => next("connection"),
    messageId: (connectionId) => next(`message of ${connectionId}`),
    requestId: () => next("request"),
    uuid: () => next("uuid"),
    traceId: () => next("trace"),
  };
}

/** Keeps the requests that a gateway reports, each with its cause, instead of logging them. */
export class KeptRequests extends RequestLog {
  readonly ended: { readonly request: EndedRequest; readonly because: FactId | undefined }[] = [];

  constructor() {
    super(
      createJournal<Fact>(() => START),
      {
        ids: countingIds(),
        region: "us-east-1",
        accountId: "123456789012",
        arnOf: (name) => name,
        logsAccess: false,
        logsExecution: true,
        metrics: undefined,
      },
    );
  }

  override of(): ReturnType<RequestLog["of"]> {
    return (request, because) => this.ended.push({ request, because });
  }
}
