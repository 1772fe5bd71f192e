import type { IncomingMessage, RequestListener } from "node:http";
import type { ApiPlace, Entrance } from "./apigateway/rules/served-api.ts";
import { type AwsCallParts, type AwsPlace, createAwsCalls } from "./aws-calls.ts";
import type { PortHandlers } from "./network/port.ts";
import { type HostPlace, placeOfHost } from "./network/rules/aws-hosts.ts";
import { isFromHere } from "./network/rules/public-host.ts";

export type AwsFront = PortHandlers & { stop(): void };

export type AwsFrontParts = AwsCallParts & {
  /** What answers for the API that a host and a path lead to. */
  readonly apiAt: (place: ApiPlace, path: string) => ApiHandlers;
};

type ApiHandlers = {
  /** Plain requests, by the kind of host that they came to. */
  readonly requests: Readonly<Record<Entrance, RequestListener>>;
  readonly upgrade: PortHandlers["upgrade"];
};

const NOWHERE: HostPlace = { kind: "elsewhere" };
const LAMBDA: HostPlace = { kind: "lambda" };
/** Clients have a few hosts each; whoever sends thousands of names must not fill the memory. */
const MOST_PLACES = 1_000;

/**
 * Answers everything that comes in at the port by the host that it is for: an API, its custom domain, a service
 * that something stands in for, or, in AWS's own words, nothing at all.
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

  /**
   * Only this machine reaches the tables, the functions and the stand-ins for other services, also by their hosts'
   * names. Tools that are given an endpoint may also invoke functions at the port.
   */
  function placeFor(request: IncomingMessage): HostPlace {
    const { headers, socket } = request;
    const named = placeOf(headers.host ?? "");
    const place = named.kind === "elsewhere" && isOfLambda(request) ? LAMBDA : named;
    return !isAws(place) || isFromHere(socket, headers) ? place : NOWHERE;
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
      if (isAws(place)) calls.refuse(request, socket, place);
      else apiAt(place, request.url ?? "/").upgrade(request, socket, head, readOn);
    },
    stop: calls.stop,
  };
}

function isAws(place: HostPlace): place is AwsPlace {
  return place.kind === "dynamodb" || place.kind === "lambda" || place.kind === "service";
}
