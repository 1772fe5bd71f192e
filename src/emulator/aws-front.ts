import type { IncomingMessage, RequestListener } from "node:http";
import type { ApiPlace, Entrance } from "./apigateway/rules/domain-name.ts";
import { type AwsCallParts, createAwsCalls } from "./aws-calls.ts";
import type { PortHandlers } from "./network/port.ts";
import { isFromHere, isOnlyForThisMachine } from "./network/rules/from-this-machine.ts";
import { type HostPlace, placeOfHost } from "./network/rules/hosts.ts";

export type AwsFront = PortHandlers & { stop(): void };

export type AwsFrontParts = AwsCallParts & {
  /** The handlers of the API at a host and path. */
  readonly apiAt: (place: ApiPlace, path: string) => ApiHandlers;
};

type ApiHandlers = {
  /** Plain requests, by kind of host. */
  readonly requests: Readonly<Record<Entrance, RequestListener>>;
  readonly upgrade: PortHandlers["upgrade"];
};

const NOWHERE: HostPlace = { kind: "elsewhere" };
const LAMBDA: HostPlace = { kind: "lambda" };
/** Clients use a few hosts each; a client that sends thousands must not exhaust the memory. */
const MOST_PLACES = 1_000;

/**
 * Routes everything that arrives at the port by its host: to an API, its custom domain or the local endpoint
 * of a service. All else is rejected as AWS would.
 */
export function createAwsFront(parts: AwsFrontParts): AwsFront {
  const { hosts, apiAt } = parts;
  const calls = createAwsCalls(parts);
  const places = new Map<string, HostPlace>();

  function placeOf(host: string): HostPlace {
    const known = places.get(host);
    if (known !== undefined) return known;
    if (places.size >= MOST_PLACES) places.clear();
    const place = placeOfHost(hosts, host);
    places.set(host, place);
    return place;
  }

  function isOfLambda(request: IncomingMessage): boolean {
    return parts.lambda.isInvoke(request) || parts.lambda.isOwn(request);
  }

  /** Tools with an explicit endpoint may also invoke functions at the port. */
  function placeFor(request: IncomingMessage): HostPlace {
    const { headers, socket } = request;
    const named = placeOf(headers.host ?? "");
    const place = named.kind === "elsewhere" && isOfLambda(request) ? LAMBDA : named;
    return !isOnlyForThisMachine(place) || isFromHere(socket, headers) ? place : NOWHERE;
  }

  return {
    request(request, response) {
      const place = placeFor(request);
      switch (place.kind) {
        case "elsewhere":
        case "execute-api":
        case "custom-domain":
          return apiAt(place, request.url ?? "/").requests[place.kind](request, response);
        case "dynamodb":
        case "lambda":
        case "service":
          return calls.answer(request, response, place);
        default:
          return place satisfies never;
      }
    },
    upgrade(request, socket, head, readOn) {
      const place = placeFor(request);
      // AWS's own services take no upgrades.
      if (isOnlyForThisMachine(place)) calls.reject(request, socket, place);
      else apiAt(place, request.url ?? "/").upgrade(request, socket, head, readOn);
    },
    stop: calls.stop,
  };
}
