import type { ApiRoute } from "../../../definition/project.ts";
import type { Values } from "../../../definition/references.ts";

/** One WebSocket API of a project, as a gateway serves it. */
export type ServedApi = {
  readonly name: string;
  readonly apiId: string;
  readonly routeSelectionExpression: string;
  readonly routes: Readonly<Record<string, ApiRoute>>;
  /** By name, the first one first. */
  readonly stages: Readonly<Record<string, ServedStage>>;
  readonly customDomain: { readonly name: string; readonly mappingKey: string } | undefined;
  /** Further hosts that lead to the API, in lower case. */
  readonly hosts: readonly string[];
};

export type ServedStage = { readonly variables: Values };

/** By which kind of host a request reached an API: AWS's own or one of `hosts`, its custom domain, or this machine. */
export type Entrance = "execute-api" | "custom-domain" | "elsewhere";

/**
 * The stages of an API by what a path begins with. On a custom domain that is the mapping key, which may be
 * empty; on this machine the name of the API may stand before the stage.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-mappings.html
 */
export function stagesByPath(api: ServedApi, entrance: Entrance): ReadonlyMap<string, string> {
  const stages = Object.keys(api.stages);
  switch (entrance) {
    case "custom-domain":
      return new Map([[api.customDomain?.mappingKey ?? "", stages[0] ?? ""]]);
    case "execute-api":
      return new Map(stages.map((stage) => [stage, stage]));
    case "elsewhere":
      return new Map(
        stages.flatMap((stage) => [
          [stage, stage],
          [`${api.name}/${stage}`, stage],
        ]),
      );
    default:
      return entrance satisfies never;
  }
}

/**
 * The API that a path on this machine leads to: the one whose name it begins with, else the first. A stage of
 * the first API wins over a name.
 */
export function apiOfPath<Api extends Pick<ServedApi, "name" | "stages">>(
  apis: readonly [Api, ...Api[]],
  path: string,
): Api {
  const [first] = apis;
  const beginning = path.split(/[/?]/, 2)[1] ?? "";
  if (Object.hasOwn(first.stages, beginning)) return first;
  return apis.find(({ name }) => name === beginning) ?? first;
}
