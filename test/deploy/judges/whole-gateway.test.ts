import { describe, expect, test } from "vitest";
import { deploy, destroy } from "../../../src/app.ts";
import { makeProject } from "../../bundle/project.ts";
import { deployOptions, START_MS, skipped, useMoto } from "./moto.ts";

const ROOM = { type: "object", required: ["room"] };
const definition = {
  name: "whole",
  apis: {
    whole: {
      routeSelectionExpression: "$request.body.action",
      stages: {
        v1: { variables: { fn: { ref: "function.say.name" } }, detailedMetrics: true },
        v2: { variables: { fn: { ref: "function.say.name" } } },
      },
      models: { room: ROOM },
      customDomain: {
        name: "chat.example.com",
        certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/abc",
        mappings: { "": "v1", next: "v2" },
      },
      routes: {
        ping: {
          routeResponse: true,
          integration: {
            type: "mock",
            requestTemplates: { $default: '{"statusCode": 200}' },
            responses: { "/200/": { templates: { $default: "pong" } } },
          },
        },
        join: {
          function: "say:blue",
          modelSelectionExpression: "$request.body.action",
          requestModels: { join: "room" },
        },
        say: { function: "${stageVariables.fn}:blue" },
      },
    },
  },
  functions: { say: { handler: "app.handler", aliases: ["blue"] } },
};

const files = {
  "wsgw.config.json": JSON.stringify(definition),
  "app.mjs": "export const handler = async () => ({ statusCode: 200 });\n",
};

type Named = Readonly<Record<string, string>>;

describe.skipIf(skipped)(
  "integrations, models, aliases and metrics in a stack, judged by the AWS CLI",
  { timeout: 3 * START_MS }, // the AWS CLI takes seconds for each call
  () => {
    const moto = useMoto();

    test("what the definition has is there, and goes with the stack", async () => {
      const { root } = makeProject(files);
      const options = deployOptions(root, moto);

      expect((await deploy(options)).kind).toBe("deployed");

      const { Items: apis } = await moto.aws("apigatewayv2", "get-apis");
      const of = ["--api-id", apis[0].ApiId];
      const get = async (...command: string[]) =>
        (await moto.aws("apigatewayv2", ...command, ...of)).Items;
      const integrations: readonly Named[] = await get("get-integrations");
      const mock = integrations.find(({ IntegrationType }) => IntegrationType === "MOCK");
      expect(
        await get("get-integration-responses", "--integration-id", mock?.IntegrationId ?? ""),
      ).toMatchObject([
        { IntegrationResponseKey: "/200/", ResponseTemplates: { $default: "pong" } },
      ]);
      const uris = integrations.map(({ IntegrationUri = "" }) => IntegrationUri).sort();
      expect(uris.filter((uri) => uri.endsWith(":blue/invocations"))).toHaveLength(2);
      expect(uris.join("\n")).toContain(":function:${stageVariables.fn}:blue/invocations");

      const routes: readonly Named[] = await get("get-routes");
      const routeOf = (key: string) => routes.find(({ RouteKey }) => RouteKey === key);
      expect(routeOf("join")).toMatchObject({ RequestModels: { join: "room" } });
      const { Functions: functions } = await moto.aws("lambda", "list-functions");
      const FunctionName: string = functions[0].FunctionName;
      const { Aliases: aliases } = await moto.aws(
        ...["lambda", "list-aliases", "--function-name", FunctionName],
      );
      expect(aliases).toMatchObject([{ Name: "blue", FunctionVersion: "$LATEST" }]);
      // moto lists neither models nor route responses, and has each by its id
      const { StackResources: made } = await moto.aws(
        ...["cloudformation", "describe-stack-resources", "--stack-name", "whole"],
      );
      const idsOf = (type: string): readonly string[] =>
        (made as readonly Named[])
          .filter(({ ResourceType }) => ResourceType === `AWS::ApiGatewayV2::${type}`)
          .map(({ PhysicalResourceId = "" }) => PhysicalResourceId);
      const [model = "", ...otherModels] = idsOf("Model");
      const { Name, Schema } = await moto.aws(
        ...["apigatewayv2", "get-model", ...of, "--model-id", model],
      );
      expect([Name, Schema, otherModels]).toEqual(["room", expect.objectContaining(ROOM), []]);
      const [response = "", ...otherResponses] = idsOf("RouteResponse");
      const ofPing = ["--route-id", routeOf("ping")?.RouteId ?? ""];
      const answer = await moto.aws(
        ...[
          "apigatewayv2",
          "get-route-response",
          ...of,
          ...ofPing,
          "--route-response-id",
          response,
        ],
      );
      expect([answer, otherResponses]).toMatchObject([{ RouteResponseKey: "$default" }, []]);
      const { Items: mappings } = await moto.aws(
        ...["apigatewayv2", "get-api-mappings", "--domain-name", "chat.example.com"],
      );
      expect(mappings).toHaveLength(2);
      expect(mappings).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ ApiId: apis[0].ApiId, ApiMappingKey: "", Stage: "v1" }),
          expect.objectContaining({ ApiId: apis[0].ApiId, ApiMappingKey: "next", Stage: "v2" }),
        ]),
      );
      const [stage] = await get("get-stages");
      expect(stage).toMatchObject({
        StageVariables: { fn: FunctionName },
        DefaultRouteSettings: { DetailedMetricsEnabled: true },
      });

      await destroy(options);
      const { Items: left } = await moto.aws("apigatewayv2", "get-apis");
      expect(left).toEqual([]);
      const { Items: domains } = await moto.aws("apigatewayv2", "get-domain-names");
      expect(domains).toEqual([]);
    });
  },
);
