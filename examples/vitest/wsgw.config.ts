import { defineApi } from "wsgw";

export default defineApi({
  name: "chat",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "dev" },
  functions: {
    connect: { handler: "chat.connect" },
    disconnect: { handler: "chat.disconnect" },
    say: { handler: "chat.say" },
    sayCarelessly: { handler: "chat.sayCarelessly" },
    sayLater: { handler: "chat.sayLater", timeout: 900 },
  },
  routes: {
    $connect: { function: "connect" },
    $disconnect: { function: "disconnect" },
    say: { function: "say" },
    sayCarelessly: { function: "sayCarelessly" },
    sayLater: { function: "sayLater" },
  },
  connectionTable: { environmentVariable: "TABLE_NAME", attribute: "connectionId" },
});
