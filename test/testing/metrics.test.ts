import { expect, test } from "vitest";
import { apiOf, gatewayFor } from "../scenarios/support.ts";

const stage = { name: "dev", detailedMetrics: true };

test("counts connects, messages both ways and errors as CloudWatch does", async () => {
  const definition = apiOf(["$connect", "$disconnect", "echo"], { stage });
  const routes = { ...definition.routes, echo: { function: "echo", routeResponse: true } };
  const handlers = { echo: async () => ({ statusCode: 503, body: "full" }) };
  const gateway = await gatewayFor({ ...definition, routes }, { handlers });
  const client = await gateway.connect();
  client.sendJson({ action: "echo" });
  await client.next();
  client.sendJson({ action: "unknown" });
  await client.next();
  await client.close();
  await gateway.settled();

  expect(gateway.metrics()).toEqual({
    ConnectCount: 1,
    MessageCount: 4,
    ClientError: 1,
    ExecutionError: 1,
    IntegrationError: 0,
    IntegrationLatency: { SampleCount: 3, Sum: expect.any(Number) },
  });
  expect(gateway.metrics({ stage: "dev" })).toEqual(gateway.metrics());
  expect(gateway.metrics({ route: "echo" })).toMatchObject({ MessageCount: 2, ClientError: 0 });
});

test("has no latency of a mock, as nothing is called", async () => {
  const integration = {
    type: "mock",
    requestTemplates: { $default: '{"statusCode":200}' },
    responses: { $default: { templates: { $default: "pong" } } },
  } as const;
  const gateway = await gatewayFor(
    apiOf([], { stage, routes: { ping: { integration, routeResponse: true } } }),
  );
  const client = await gateway.connect();
  client.sendJson({ action: "ping" });
  await client.next();

  expect(gateway.metrics({ route: "ping" })).toMatchObject({
    MessageCount: 2,
    IntegrationLatency: { SampleCount: 0 },
  });
});

test("rejects routes of a stage without detailed metrics, and unknown names", async () => {
  const gateway = await gatewayFor(apiOf(["echo"]));

  expect(() => gateway.metrics({ route: "echo" })).toThrow(
    'CloudWatch has no metrics for single routes of stage "dev". Set its `detailedMetrics: true` in the definition.',
  );
  expect(() => gateway.metrics({ stage: "prod" })).toThrow('The API has no stage "prod"');
  expect(() => gateway.metrics({ api: "other" })).toThrow('The project has no API "other"');
});
