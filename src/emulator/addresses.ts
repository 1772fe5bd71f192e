import { functionOf } from "../definition/integrations.ts";
import { reachedBy } from "./apigateway/rules/domain-name.ts";
import type { ServedApi } from "./apigateway/rules/served-api.ts";
import { urlsOf } from "./host-table.ts";
import type { GatewayUrls, RunningApi } from "./options.ts";
import type { ServedProject } from "./served-project.ts";

/** The URLs of a gateway with the name `host`, and its currently served APIs. */
export function addressesOf(
  served: ServedProject,
  host: string,
  port: number,
  own: string,
): GatewayUrls & { readonly apis: readonly RunningApi[] } {
  const firstStage = Object.keys(served.apis[0].stages)[0] ?? "";
  return {
    ...urlsOf(host, port, firstStage),
    get apis() {
      return served.apis.map((api, at) => {
        const pathOf = (stage: string) => (at === 0 ? stage : `${api.key}/${stage}`);
        const { domainName } = reachedBy(api, served.hosts, own, []);
        return runningApi(api, domainName, (stage) => urlsOf(host, port, pathOf(stage)));
      });
    },
  };
}

function runningApi(
  api: ServedApi,
  domainName: string,
  urlsOfStage: (stage: string) => GatewayUrls,
): RunningApi {
  return {
    name: api.key,
    id: api.apiId,
    domainName,
    routes: Object.values(api.routes).map((route) => ({
      routeKey: route.routeKey,
      function: functionOf(route),
    })),
    stages: Object.keys(api.stages).map((name) => ({ name, ...urlsOfStage(name) })),
  };
}
