import type { LocalProject } from "../../src/app.ts";
import { localProjectOf } from "../local-project.ts";

/** A chat with a route and a function for each key; `$default` and `echo` share `other`. */
export function projectWith(...routeKeys: readonly string[]): LocalProject {
  return localProjectOf(definitionWith(routeKeys));
}

function definitionWith(routeKeys: readonly string[]) {
  const functionOf = (routeKey: string) =>
    routeKey === "$default" || routeKey === "echo" ? "other" : routeKey.replace("$", "");
  return {
    name: "chat",
    routeSelectionExpression: "$request.body.message",
    stage: { name: "v1" },
    functions: Object.fromEntries(
      routeKeys.map(functionOf).map((name) => [name, { handler: `src/${name}.handler` }]),
    ),
    routes: Object.fromEntries(
      routeKeys.map((key) => [
        key,
        { function: functionOf(key), ...(key === "echo" && { routeResponse: true }) },
      ]),
    ),
    connectionTable: { environmentVariable: "CONNECTIONS_TABLE", attribute: "connectionID" },
  };
}
