import type { ApiDefinition } from "wsgw";

const api: ApiDefinition = {
  name: "bench-cold-start-typescript",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "bench" },
  functions: {
    connect: { handler: "handlers.connect", timeout: 20 },
    echo: { handler: "handlers.echo", timeout: 20 },
  },
  routes: {
    $connect: { function: "connect" },
    echo: { function: "echo" },
  },
  connectionTable: { environmentVariable: "TABLE_NAME", attribute: "connectionId" },
};

export default api;
