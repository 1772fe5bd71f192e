/** Two APIs that share a function and a table, with references from one to the other. */
export const SHOP = `import { defineProject, ref } from "wsgw";

export default defineProject({
  name: "shop",
  region: "eu-west-1",
  apis: {
    chat: {
      routeSelectionExpression: "$request.body.action",
      stages: { v1: { variables: { rooms: ref("table.rooms.name") } }, v2: {} },
      routes: { $connect: { function: "open" }, talk: { function: "talk", routeResponse: true } },
    },
    orders: {
      routeSelectionExpression: "$request.body.type",
      stages: { live: { variables: { chat: ref("api.chat.id") } } },
      routes: { $connect: { function: "open" }, $default: { function: "tell" } },
    },
  },
  functions: {
    open: { handler: "open.handler", root: "services/open" },
    talk: { handler: "app.handler", environment: { ORDERS: ref("api.orders.callbackUrl") } },
    tell: { handler: "app.handler", environment: { CHAT_URL: ref("api.chat.url") } },
  },
  tables: { rooms: { partitionKey: { name: "id", type: "S" }, environmentVariable: "ROOMS" } },
});
`;

const HANDLER = "export const handler = async () => ({ statusCode: 200 });\n";

/** The files of that project. */
export const SHOP_FILES = {
  "wsgw.config.ts": SHOP,
  "app.mjs": HANDLER,
  "services/open/open.mjs": HANDLER,
};
