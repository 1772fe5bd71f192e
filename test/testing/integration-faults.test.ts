import { expect, onTestFinished, test } from "vitest";
import { type ProjectDefinition, startGateway } from "../../src/testing/index.ts";
import { stopChecked } from "../checked-facts.ts";

const project: ProjectDefinition = {
  name: "faulty",
  apis: {
    faulty: {
      routeSelectionExpression: "$request.body.action",
      stages: { dev: {} },
      routes: {
        order: {
          routeResponse: true,
          integration: {
            type: "aws",
            uri: "arn:aws:apigateway:us-east-1:sqs:path/123456789012/orders",
            roleStatements: [{ Effect: "Allow", Action: "sqs:SendMessage", Resource: "*" }],
            requestParameters: {
              "integration.request.header.Content-Type": "'application/x-www-form-urlencoded'",
            },
            requestTemplates: { $default: "Action=SendMessage&MessageBody=$input.path('$.what')" },
            responses: {
              "/200/": { templates: { $default: '{"taken":true}' } },
              "/503/": { templates: { $default: '{"later":$input.body}' } },
            },
          },
        },
        say: { function: "say" },
      },
    },
  },
  functions: { say: { handler: "unused.say" } },
};

async function started() {
  const handlers = { say: async () => ({ statusCode: 200 }) };
  const gateway = await startGateway(project, { handlers });
  onTestFinished(() => stopChecked(gateway));
  const client = await gateway.connect();
  const order = async () => {
    client.sendJson({ action: "order", what: "tea" });
    return client.nextJson();
  };
  return { gateway, client, order };
}

test("lists calls of integrations with their results", async () => {
  const { gateway, client, order } = await started();

  expect(await order()).toEqual({ taken: true });

  expect(gateway.integrationCalls("order")).toMatchObject([
    {
      connectionId: client.connectionId,
      routeKey: "order",
      target: "sqs SendMessage",
      body: "Action=SendMessage&MessageBody=tea",
      state: "answered",
      statusCode: 200,
      answer: expect.stringContaining("SendMessageResponse"),
      isRecorded: true,
    },
  ]);
  expect(gateway.integrationCalls("say")).toEqual([]);
  expect(() => gateway.integrationCalls("odrer")).toThrow(/It has order, say/);
});

test("an integration can fail once", async () => {
  const { gateway, order } = await started();
  const fault = gateway.faults.integration("order", { nth: 1 }).fails();

  expect(await order()).toMatchObject({ message: "Internal server error" });
  expect(await order()).toEqual({ taken: true });

  expect(fault).toMatchObject({ description: 'integration("order",{"nth":1}).fails()', fired: 1 });
  expect(gateway.integrationCalls().map(({ state }) => state)).toEqual(["failed", "answered"]);
});

test("an integration can answer what the test says, or what is malformed", async () => {
  const { gateway, order } = await started();
  gateway.faults.integration("order", { nth: 1 }).answers({ statusCode: 503, body: "[1]" });
  gateway.faults.integration("order", { nth: 2 }).malformed();

  expect(await order()).toEqual({ later: [1] });
  expect(await order()).toEqual({ taken: true });
  expect(gateway.integrationCalls().map(({ answer }) => answer)).toEqual(["[1]", '{"cut":']);
});

test("a slow integration is waited for as long as the route waits", async () => {
  const { gateway, client } = await started();
  gateway.faults.integration("order").slow("30s");
  client.sendJson({ action: "order" });
  await gateway.fact("fault.injected");

  await gateway.clock.advance("29s");

  expect(await client.nextJson()).toMatchObject({ message: "Endpoint request timed out" });
  await gateway.clock.advance("1s");
});

test("a route of a Lambda proxy can have no faults of an integration", async () => {
  const { gateway } = await started();

  expect(() => gateway.faults.integration("say")).toThrow(/Use faults\.route\(\)/);
});
