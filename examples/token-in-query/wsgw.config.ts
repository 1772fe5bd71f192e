import { defineApi } from "wsgw";

export default defineApi({
  name: "greeting",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "dev" },
  functions: {
    authorize: { handler: "src/authorize.handler" },
    connect: { handler: "src/greet.connect" },
    greet: { handler: "src/greet.greet" },
  },
  authorizers: {
    token: { function: "authorize", identitySource: ["route.request.querystring.token"] },
  },
  routes: {
    $connect: { function: "connect", authorizer: "token" },
    greet: { function: "greet", routeResponse: true },
  },
});
