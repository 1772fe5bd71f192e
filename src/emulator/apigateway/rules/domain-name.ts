import { mappingsOf } from "../../../definition/custom-domain.ts";
import { headerValue } from "../../iam/rules/raw-headers.ts";
import {
  executeApiHost,
  type HostPlace,
  type HostTable,
  nameOf,
  placeOfHost,
} from "../../network/rules/hosts.ts";
import type { ServedApi } from "./served-api.ts";

/**
 * The kind of host by which a request reached an API: AWS's own or one of `hosts`, its custom domain, or this
 * machine.
 */
export type Entrance = "execute-api" | "custom-domain" | "elsewhere";

/** A host by which an API is reached. */
export type ApiPlace = Extract<HostPlace, { readonly kind: Entrance }>;

/** How a request reached an API. */
export type Reached = {
  readonly entrance: Entrance;
  /** `domainName` in events; includes the port if it is an address of this machine. */
  readonly domainName: string;
  /** The `Host` header in events; undefined keeps the client's. */
  readonly host: string | undefined;
};

/** How a handshake with these headers reached an API; `own` is the gateway's own host and port. */
export function reachedBy(
  api: ServedApi,
  hosts: HostTable,
  own: string,
  rawHeaders: readonly string[],
): Reached {
  const host = headerValue(rawHeaders, "host") ?? "";
  const { kind } = placeOfHost(hosts, host);
  const entrance = kind === "execute-api" || kind === "custom-domain" ? kind : "elsewhere";
  const executeApi = executeApiHost(api.apiId, hosts.region);
  return reachedAt(api, entrance, nameOf(host), { executeApi, own });
}

/**
 * Resolves how a request for `host` reached an API: events contain the host name that AWS would use, whatever
 * local name the client used. `executeApi` is the API's host on AWS, `own` the gateway's.
 */
export function reachedAt(
  { customDomain, hosts, domainName }: Pick<ServedApi, "customDomain" | "hosts" | "domainName">,
  entrance: Entrance,
  host: string,
  { executeApi, own }: { readonly executeApi: string; readonly own: string },
): Reached {
  switch (entrance) {
    case "custom-domain":
      return named(entrance, customDomain?.name ?? host);
    case "execute-api":
      return named(entrance, host);
    case "elsewhere":
      return domainName === "localhost"
        ? { entrance, domainName: own, host: undefined }
        : named(entrance, customDomain?.name ?? hosts[0] ?? executeApi);
    default:
      return entrance satisfies never;
  }
}

function named(entrance: Entrance, domainName: string): Reached {
  return { entrance, domainName, host: domainName };
}

/**
 * The stages of an API by path prefix. On a custom domain the prefix is the mapping key, which may be empty;
 * on this machine it may be the API's name followed by the stage. A disabled `execute-api` host has none.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-mappings.html
 */
export function stagesByPath(api: ServedApi, entrance: Entrance): ReadonlyMap<string, string> {
  const stages = Object.keys(api.stages);
  switch (entrance) {
    case "custom-domain":
      return mappingsOf(api);
    case "execute-api":
      if (api.disableExecuteApiEndpoint) return new Map();
      return new Map(stages.map((stage) => [stage, stage]));
    case "elsewhere":
      return new Map(
        stages.flatMap((stage) => [
          [stage, stage],
          [`${api.key}/${stage}`, stage],
        ]),
      );
    default:
      return entrance satisfies never;
  }
}

/**
 * The API for a path at a host. On a custom domain it is the one with the matching mapping key, else the one
 * without a key. On this machine it is the one whose name begins the path; a stage of the first API takes
 * precedence over a name. The first API rejects paths that match none.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-mappings.html
 */
export function apiAt<Api extends Pick<ServedApi, "key" | "apiId" | "stages" | "customDomain">>(
  apis: readonly [Api, ...Api[]],
  place: ApiPlace,
  path: string,
): Api {
  const [first] = apis;
  const beginning = path.split(/[/?]/)[1] ?? "";
  switch (place.kind) {
    case "execute-api":
      return apis.find(({ apiId }) => apiId === place.apiId) ?? first;
    case "custom-domain": {
      const mapped = apis.filter(({ customDomain }) => customDomain?.name === place.name);
      const by = (key: string) => mapped.find((api) => mappingsOf(api).has(key));
      return by(beginning) ?? by("") ?? mapped[0] ?? first;
    }
    case "elsewhere":
      if (Object.hasOwn(first.stages, beginning)) return first;
      return apis.find(({ key }) => key === beginning) ?? first;
    default:
      return place satisfies never;
  }
}
