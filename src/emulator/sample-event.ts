import { createClock } from "../clock.ts";
import { identityUndefined } from "../definition/identities.ts";
import { AWS_IAM } from "../definition/integrations.ts";
import type { Stage } from "../definition/project.ts";
import { resolved } from "../definition/references.ts";
import { WsgwError } from "../errors.ts";
import { createIds } from "../ids.ts";
import { findRunning } from "../project-directory/running.ts";
import {
  type AuthorizerEvent,
  authorizerEvent,
} from "./apigateway/authorizers/rules/authorizer-event.ts";
import { allowedAs } from "./apigateway/authorizers/rules/authorizer-result.ts";
import { connectArn } from "./apigateway/authorizers/rules/connect-permission.ts";
import { identityNamed } from "./apigateway/authorizers/rules/mocked-identity.ts";
import { userSigner } from "./apigateway/authorizers/rules/signer.ts";
import { describeHandshake } from "./apigateway/connect/rules/received-handshake.ts";
import { type Close, clientClose } from "./apigateway/disconnect/rules/close-codes.ts";
import { parseRouteExpression } from "./apigateway/message/rules/route-expression.ts";
import { selectRoute } from "./apigateway/message/rules/route-selection.ts";
import { connectEvent } from "./apigateway/rules/connect-event.ts";
import { disconnectEvent } from "./apigateway/rules/disconnect-event.ts";
import { reachedBy } from "./apigateway/rules/domain-name.ts";
import type {
  ConnectionIdentity,
  Identity,
  WebSocketEvent,
} from "./apigateway/rules/event-types.ts";
import { messageEvent } from "./apigateway/rules/message-event.ts";
import type { ServedApi } from "./apigateway/rules/served-api.ts";
import { hostsOf, servedApis } from "./host-table.ts";
import { createKeyRing } from "./iam/keys.ts";
import type { CallerPlace } from "./iam/rules/caller-arns.ts";
import { urlHost } from "./network/rules/public-host.ts";
import { DEFAULT_PORT } from "./options.ts";
import { type FoundProject, type ProjectOptions, readProject } from "./read-project.ts";

/** The data of a sample event; the defaults are those of a client on this machine. */
export type SampleEvent = {
  /** The API, by its name in the project. Default: the first. */
  readonly api?: string;
  /** Default: the first stage of the API. */
  readonly stage?: string;
  /** `authorizer` is the event of a Lambda authorizer for the handshake of `connect`. */
  readonly kind: "authorizer" | "connect" | "message" | "disconnect";
  /** Of a message. Default: the empty string. */
  readonly body?: string;
  /** Default: the one that the API selects for `body`. */
  readonly routeKey?: string;
  readonly connectionId?: string;
  /** Of the handshake, names and values. */
  readonly headers?: readonly (readonly [string, string])[];
  /** Query string of the handshake, without `?`. */
  readonly query?: string;
  readonly sourceIp?: string;
  /** The client's identity in the definition. */
  readonly as?: string;
  /** How the connection ended. Default 1000 without a reason. */
  readonly close?: { readonly code: number; readonly reason: string };
};

/** Time between a connection's handshake and its other events. */
export const OPEN_FOR_MS = 60_000;

/**
 * The event that API Gateway would send to a function of a project, built with the rules of `wsgw dev`.
 * Contains the host and the region of the project's running gateway, if any.
 */
export async function buildSampleEvent(options: ProjectOptions & SampleEvent): Promise<{
  readonly event: AuthorizerEvent | WebSocketEvent;
  /** The APIs of the project by name; the event is for the first by default. */
  readonly apis: readonly string[];
}> {
  const [newest] = await findRunning(options.cwd, options.stateDir);
  const found = await readProject({ ...options, region: options.region ?? newest?.region });
  const port = newest === undefined ? DEFAULT_PORT : Number(new URL(newest.url).port);
  const gateway = `${urlHost(newest?.publicHost ?? "localhost")}:${port}`;
  const event = sampleEvent(found, gateway, options);
  return { event, apis: servedApis(found.project, found.root).map(({ key }) => key) };
}

/** The event alone, for a loaded project and its gateway's host and port. */
export function sampleEvent(
  { project, root }: Pick<FoundProject, "project" | "root">,
  gateway: string,
  sample: SampleEvent,
): AuthorizerEvent | WebSocketEvent {
  const clock = createClock();
  const ids = createIds(clock);
  const apis = servedApis(project, root);
  const { api, stage } = chosen(apis, sample);
  const hosts = hostsOf(apis, project.region);
  const { domainName } = reachedBy(api, hosts, gateway, []);
  const sourceIp = sample.sourceIp ?? "127.0.0.1";
  const rawHeaders = [...defaultHeaders(domainName, sample.headers ?? [])].flat();
  const stamp = { requestId: ids.requestId(), at: clock.now() };
  const connection: ConnectionIdentity = {
    connectionId: sample.connectionId ?? ids.connectionId(),
    connectedAt: isHandshake(sample) ? stamp.at : stamp.at - OPEN_FOR_MS,
    stage: stage.name,
    stageVariables: resolved(stage.variables),
    domainName,
    apiId: api.apiId,
    ...knownOf(api, describeHandshake({ rawHeaders, sourceIp }), sample, project),
  };
  const url = `/${stage.name}${sample.query ? `?${sample.query}` : ""}`;
  const sent = { url, rawHeaders, traceId: ids.traceId() };
  switch (sample.kind) {
    case "authorizer":
      return authorizerEvent(connection, sent, stamp, connectArn(project, connection));
    case "connect":
      return connectEvent(connection, sent, stamp);
    case "message": {
      const text = sample.body ?? "";
      const routeKey = sample.routeKey ?? routeOf(api, text, apis);
      const messageId = ids.messageId(connection.connectionId);
      return messageEvent(connection, { routeKey, messageId, text }, stamp);
    }
    case "disconnect":
      return disconnectEvent(connection, closeOf(sample), stamp);
    default:
      return sample.kind satisfies never;
  }
}

function isHandshake({ kind }: SampleEvent): boolean {
  return kind === "authorizer" || kind === "connect";
}

/**
 * The client's identity. With AWS_IAM it is the signer: an identity, or the developer as for `wsgw send
 * --sign`. An authorizer's context is known only for identities.
 */
function knownOf(
  { routes, identities }: ServedApi,
  client: Identity,
  { kind, as }: SampleEvent,
  place: CallerPlace,
): Pick<ConnectionIdentity, "identity" | "authorizer"> {
  const named = as === undefined ? undefined : identityNamed(as, identities);
  if (as !== undefined && named === undefined) {
    throw new WsgwError("USAGE", identityUndefined(as, Object.keys(identities)));
  }
  if (kind === "authorizer") return { identity: client };
  if (routes.$connect?.authorizer === AWS_IAM) {
    const { accessKeyId } = createKeyRing().developer;
    return { identity: { ...client, ...userSigner(named ?? {}, accessKeyId, place).identity } };
  }
  return { identity: client, ...(named && { authorizer: allowedAs(named).context }) };
}

/** The API and stage of a sample: the first ones by default. */
function chosen(
  apis: readonly [ServedApi, ...ServedApi[]],
  sample: SampleEvent,
): { readonly api: ServedApi; readonly stage: Stage } {
  const api = sample.api === undefined ? apis[0] : apis.find(({ key }) => key === sample.api);
  if (api === undefined) {
    const names = apis.map(({ key }) => key).join(", ");
    throw new WsgwError("USAGE", `There is no API "${sample.api}". The project has ${names}.`);
  }
  const stages = Object.values(api.stages);
  const stage = sample.stage === undefined ? stages[0] : api.stages[sample.stage];
  if (stage !== undefined) return { api, stage };
  const names = stages.map(({ name }) => name).join(", ");
  throw new WsgwError(
    "USAGE",
    `The API ${api.key} has no stage "${sample.stage}". It has ${names}.`,
  );
}

function closeOf({ close = { code: 1000, reason: "" } }: SampleEvent): Close {
  return close.reason === "" ? clientClose(close.code, "") : close;
}

/** The headers of a client other than a browser, overridden by the given ones. */
export function defaultHeaders(
  host: string,
  given: readonly (readonly [string, string])[],
): readonly (readonly [string, string])[] {
  const names = new Set(given.map(([name]) => name.toLowerCase()));
  const usual: readonly (readonly [string, string])[] = [
    ["Host", host],
    ["Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits"],
    ["Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="],
    ["Sec-WebSocket-Version", "13"],
  ];
  return [...usual.filter(([name]) => !names.has(name.toLowerCase())), ...given];
}

function routeOf(api: ServedApi, text: string, apis: readonly ServedApi[]): string {
  const parsed = parseRouteExpression(api.routeSelectionExpression);
  if (parsed.kind === "invalid") throw new Error(`unchecked expression: ${parsed.problem}`);
  const selection = selectRoute(new Set(Object.keys(api.routes)), parsed.expression, text);
  if (selection.kind === "route") return selection.routeKey;
  const others = apis.filter((each) => each !== api).map(({ key }) => key);
  const which = others.length === 0 ? "No route" : `No route of the API ${api.key}`;
  throw new WsgwError(
    "USAGE",
    `${which} accepts the message ${JSON.stringify(text)}: ${api.routeSelectionExpression} selects no route, and there is no $default.`,
    others.length === 0 ? {} : { hint: `Choose another API with --api: ${others.join(", ")}.` },
  );
}
