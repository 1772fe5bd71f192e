import { mappingsOf } from "../../../definition/custom-domain.ts";
import type { ApiPlace, Entrance } from "./domain-name.ts";
import type { ServedApi } from "./served-api.ts";

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
  switch (place.kind) {
    case "execute-api":
      return apis.find(({ apiId }) => apiId === place.apiId) ?? first;
    case "custom-domain": {
      const mapped = apis.filter(({ customDomain }) => customDomain?.name === place.name);
      const by = (key: string) => mapped.find((api) => mappingsOf(api).has(key));
      return by(beginningOf(path)) ?? by("") ?? mapped[0] ?? first;
    }
    case "elsewhere": {
      const beginning = beginningOf(path);
      if (Object.hasOwn(first.stages, beginning)) return first;
      return apis.find(({ key }) => key === beginning) ?? first;
    }
    default:
      return place satisfies never;
  }
}

/** The first segment of a path. */
function beginningOf(path: string): string {
  return path.split(/[/?]/)[1] ?? "";
}
