import { mappingsOf } from "../../../definition/mappings.ts";
import type { WebSocketApi } from "../../../definition/project.ts";
import type { HostPlace } from "../../network/rules/aws-hosts.ts";

/** One WebSocket API of a project, as a gateway serves it. */
export type ServedApi = Pick<
  WebSocketApi,
  | "key"
  | "routeSelectionExpression"
  | "apiKeySelectionExpression"
  | "routes"
  | "authorizers"
  | "models"
  | "identities"
  | "stages"
  | "customDomain"
  | "domainName"
  | "disableExecuteApiEndpoint"
  | "hosts"
> & { readonly apiId: string };

/** By which kind of host a request reached an API: AWS's own or one of `hosts`, its custom domain, or this machine. */
export type Entrance = "execute-api" | "custom-domain" | "elsewhere";

/** A host by which an API is reached. */
export type ApiPlace = Extract<HostPlace, { readonly kind: Entrance }>;

/** How a request reached an API. */
export type Reached = {
  readonly entrance: Entrance;
  /** What events carry as `domainName`; with the port where that is an address of this machine. */
  readonly domainName: string;
  /** What events carry as the header Host; undefined leaves it as the client sent it. */
  readonly host: string | undefined;
};

/**
 * How a request that names `host` reached an API: events carry the name by which AWS would know it, whatever name of
 * this machine the client used. `executeApi` is the host that AWS gives the API, `own` that of the gateway.
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
 * The stages of an API by what a path begins with. On a custom domain that is the mapping key, which may be
 * empty; on this machine the name of the API may stand before the stage. A disabled host of AWS's leads to none.
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
 * The API that a path at a host leads to. On a custom domain that is the one whose mapping key it begins with, else
 * the one without a key; on this machine the one whose name it begins with, but a stage of the first API wins over a
 * name. What leads to no API is for the first to refuse.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-mappings.html
 */
export function apiAt<Api extends Pick<ServedApi, "key" | "apiId" | "stages" | "customDomain">>(
  apis: readonly [Api, ...Api[]],
  place: ApiPlace,
  path: string,
): Api {
  const [first] = apis;
  const beginning = path.split(/[/?]/, 2)[1] ?? "";
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
