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
