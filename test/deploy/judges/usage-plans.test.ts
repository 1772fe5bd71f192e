import { describe, expect, test } from "vitest";
import { deploy, destroy } from "../../../src/app.ts";
import { makeProject } from "../../bundle/project.ts";
import { deployOptions, START_MS, skipped, useMoto } from "./moto.ts";

const definition = {
  name: "keyed",
  routeSelectionExpression: "$request.body.action",
  stage: {
    name: "v1",
    throttle: { rateLimit: 50, burstLimit: 20, routes: { say: { rateLimit: 1 } } },
  },
  functions: { open: { handler: "app.handler" } },
  apiKeys: { web: {}, app: { value: "app-0123456789-0123456789", enabled: false } },
  usagePlans: {
    free: {
      apiKeys: ["web", "app"],
      throttle: { rateLimit: 10, burstLimit: 2 },
      quota: { limit: 1000, period: "MONTH" },
    },
  },
  routes: {
    $connect: { function: "open", apiKeyRequired: true },
    say: { function: "open" },
  },
};

const files = {
  "wsgw.config.json": JSON.stringify(definition),
  "app.mjs": "export const handler = async () => ({ statusCode: 200 });\n",
};

describe.skipIf(skipped)(
  "API keys in a stack, judged by the AWS CLI",
  { timeout: START_MS },
  () => {
    const moto = useMoto();
    const options = (cwd: string) => deployOptions(cwd, moto);

    test("5, 6: keys, their plan and the stage's limits are there, and go with the stack", async () => {
      const { root } = makeProject(files);

      expect((await deploy(options(root))).kind).toBe("deployed");

      const { Items: apis } = await moto.aws("apigatewayv2", "get-apis");
      const ApiId: string = apis[0].ApiId;
      const { items: keys } = await moto.aws("apigateway", "get-api-keys", "--include-values");
      const byName = Object.fromEntries(keys.map((key: { name: string }) => [key.name, key]));
      expect(byName).toMatchObject({
        "keyed-web": { enabled: true },
        "keyed-app": { enabled: false, value: "app-0123456789-0123456789" },
      });
      const { items: plans } = await moto.aws("apigateway", "get-usage-plans");
      expect(plans).toMatchObject([
        {
          name: "keyed-free",
          apiStages: [{ apiId: ApiId, stage: "v1" }],
          throttle: { burstLimit: 2, rateLimit: 10 },
          quota: { limit: 1000, period: "MONTH" },
        },
      ]);
      const members = await moto.aws(
        ...["apigateway", "get-usage-plan-keys", "--usage-plan-id"],
        plans[0].id,
      );
      expect(members.items.map(({ name }: { name: string }) => name).sort()).toEqual([
        "keyed-app",
        "keyed-web",
      ]);
      const { Items: routes } = await moto.aws("apigatewayv2", "get-routes", "--api-id", ApiId);
      expect(routes).toContainEqual(
        expect.objectContaining({ RouteKey: "$connect", ApiKeyRequired: true }),
      );
      const { Items: stages } = await moto.aws("apigatewayv2", "get-stages", "--api-id", ApiId);
      expect(stages[0]).toMatchObject({
        DefaultRouteSettings: { ThrottlingBurstLimit: 20, ThrottlingRateLimit: 50 },
        RouteSettings: { say: { ThrottlingBurstLimit: 20, ThrottlingRateLimit: 1 } },
      });

      await destroy(options(root));

      expect((await moto.aws("apigateway", "get-usage-plans")).items).toEqual([]);
    });
  },
);
