import type {
  AuthorizerContext,
  ConnectionIdentity,
  ContextEnd,
  Stamp,
  Strings,
} from "./event-types.ts";

/** The last keys of every context, in order. */
export function contextEnd(connection: ConnectionIdentity, stamp: Stamp): ContextEnd {
  return {
    stage: connection.stage,
    connectedAt: connection.connectedAt,
    requestTimeEpoch: stamp.at,
    identity: connection.identity,
    requestId: stamp.requestId,
    domainName: connection.domainName,
    connectionId: connection.connectionId,
    apiId: connection.apiId,
  };
}

export function stageVariables({ stageVariables: variables }: ConnectionIdentity): {
  stageVariables?: Strings;
} {
  return Object.keys(variables).length > 0 ? { stageVariables: variables } : {};
}

/** After `$connect` the authorizer's latency is absent. */
export function laterAuthorizer({ authorizer: context }: ConnectionIdentity): {
  authorizer?: AuthorizerContext;
} {
  if (context === undefined) return {};
  const { integrationLatency: _, ...later } = context;
  return { authorizer: later };
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** A cache of the last formatted second: a busy gateway formats the same one many times. */
let lastSecond = { second: Number.NaN, text: "" };

/** Common log format in UTC: `31/Aug/2022:13:34:52 +0000`. */
export function requestTime(at: number): string {
  const second = Math.floor(at / 1000);
  if (second !== lastSecond.second) lastSecond = { second, text: formatTime(at) };
  return lastSecond.text;
}

function formatTime(at: number): string {
  const date = new Date(at);
  const iso = date.toISOString();
  return `${iso.slice(8, 10)}/${MONTHS[date.getUTCMonth()]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
}
