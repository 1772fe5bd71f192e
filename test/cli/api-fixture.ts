import type { Api } from "../../src/app.ts";
import type { ApiRoute } from "../../src/definition/project.ts";

/** A checked definition with a route and a function for each key; `$default` and `echo` share `other`. */
export function apiWith(...routeKeys: readonly string[]): Api {
  const route = (routeKey: string): ApiRoute => ({
    routeKey,
    function: routeKey === "$default" || routeKey === "echo" ? "other" : routeKey.replace("$", ""),
    operationName: undefined,
    routeResponse: routeKey === "echo",
    integrationTimeout: 29_000,
  });
  const names = [...new Set(routeKeys.map((key) => route(key).function))];
  return {
    key: "chat",
    name: "chat",
    description: undefined,
    routeSelectionExpression: "$request.body.message",
    stage: { name: "v1", description: undefined, variables: {} },
    functions: Object.fromEntries(
      names.map((name) => [
        name,
        {
          name,
          handler: `src/${name}.handler`,
          description: undefined,
          runtime: "nodejs24.x",
          code: undefined,
          command: undefined,
          include: [],
          exclude: [],
          nodeModules: [],
          memory: 128,
          timeout: 3,
          environment: {},
          layers: [],
          roleStatements: [],
          role: undefined,
        },
      ]),
    ),
    routes: Object.fromEntries(routeKeys.map((key) => [key, route(key)])),
    tables: {
      connections: {
        logicalName: "connections",
        name: "chat-connections",
        partitionKey: { name: "connectionID", type: "S" },
        sortKey: undefined,
        indexes: {},
        capacity: "on-demand",
        timeToLive: undefined,
        environmentVariable: "CONNECTIONS_TABLE",
        functions: names,
        deletionPolicy: "Delete",
      },
    },
    customDomain: undefined,
    domainName: "localhost",
    endpoints: {},
    hooks: {},
    deploy: { autoDeploy: false, logRetention: 30, logging: undefined, tags: {} },
  };
}
