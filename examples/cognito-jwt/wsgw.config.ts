import { defineApi } from "wsgw";

export default defineApi({
  name: "members",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "dev" },
  functions: {
    authorize: {
      handler: "authorize.handler",
      timeout: 10,
      environment: { USER_POOL_ID: "eu-west-1_AbCdEf123", CLIENT_ID: "web" },
    },
    connect: { handler: "members.connect" },
    whoami: { handler: "members.whoami" },
    kick: { handler: "members.kick" },
  },
  authorizers: {
    cognito: { function: "authorize", identitySource: ["route.request.querystring.token"] },
  },
  routes: {
    $connect: { function: "connect", authorizer: "cognito" },
    whoami: { function: "whoami", routeResponse: true },
    kick: { function: "kick", routeResponse: true },
  },
});
