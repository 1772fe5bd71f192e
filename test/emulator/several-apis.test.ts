import { expect, onTestFinished, test } from "vitest";
import { callManagement } from "../../src/emulator/control/management-call.ts";
import { type GatewayOptions, startGateway } from "../../src/testing/index.ts";

const DEFINITION = {
  name: "shop",
  apis: {
    chat: {
      routeSelectionExpression: "$request.body.action",
      stages: { v1: { variables: { mood: "calm" } }, v2: {} },
      routes: { who: { function: "who", routeResponse: true } },
    },
    admin: {
      routeSelectionExpression: "$request.body.command",
      stages: { live: {} },
      routes: { who: { function: "who", routeResponse: true } },
    },
  },
  functions: { who: { handler: "who.handler" } },
};

const handlers: NonNullable<GatewayOptions["handlers"]> = {
  who: async ({ requestContext, stageVariables }) => {
    const { apiId, stage, routeKey } = requestContext;
    return { statusCode: 200, body: JSON.stringify({ apiId, stage, routeKey, stageVariables }) };
  },
};

async function gateway() {
  const started = await startGateway(DEFINITION, { handlers });
  onTestFinished(() => started.stop());
  return started;
}

test.each([
  ["the first stage of the first API without a word about it", undefined, "chat", "v1"],
  ["another stage of the first API", "/v2", "chat", "v2"],
  ["the first API by its name", "/chat/v1", "chat", "v1"],
  ["another API", "/admin/live", "admin", "live"],
])("a client reaches %s", async (_, path, api, stage) => {
  const { connect, apis } = await gateway();
  const client = await connect(path === undefined ? {} : { path });

  client.send('{"action":"who","command":"who"}');

  expect(JSON.parse(await client.next())).toMatchObject({
    apiId: apis.find(({ name }) => name === api)?.id,
    stage,
    routeKey: "who",
  });
});

test("a test's client names its API and stage", async () => {
  const { connect, apis } = await gateway();
  const [second, admin] = await Promise.all([connect({ stage: "v2" }), connect({ api: "admin" })]);

  for (const client of [second, admin]) client.send('{"action":"who","command":"who"}');

  expect(JSON.parse(await second.next())).toMatchObject({ apiId: apis[0]?.id, stage: "v2" });
  expect(JSON.parse(await admin.next())).toMatchObject({ apiId: apis[1]?.id, stage: "live" });
});

test.each([
  [{ api: "admni" }, 'The project has no API "admni". It has chat, admin.'],
  [{ api: "admin", stage: "v1" }, 'The API has no stage "v1". It has live.'],
])("reports for %j what exists", async (options, message) => {
  const { connect } = await gateway();

  await expect(connect(options)).rejects.toMatchObject({ code: "USAGE", message });
});

test.each(["/admin/v1", "/live", "/admin", "/chat"])("%s leads to no stage", async (path) => {
  const { handshake } = await gateway();

  expect(await handshake({ path })).toMatchObject({ kind: "refused", statusCode: 403 });
});

test("11 (4): stage variables are those of the stage that a client connected to", async () => {
  const { connect } = await gateway();
  const [calm, plain] = await Promise.all([connect(), connect({ path: "/v2" })]);

  for (const client of [calm, plain]) client.send('{"action":"who"}');

  expect(JSON.parse(await calm.next()).stageVariables).toEqual({ mood: "calm" });
  expect(JSON.parse(await plain.next()).stageVariables).toBeUndefined();
});

test("15 (4): any stage's URL reaches the connections of its API, and those of no other", async () => {
  const { connect, apis, credentials } = await gateway();
  const client = await connect({ path: "/v2" });
  const post = (api: number, stage: number) => {
    const { managementUrl = "" } = apis[api]?.stages[stage] ?? {};
    return callManagement({ managementUrl, credentials }, "POST", client.connectionId, "hello");
  };

  expect(await post(0, 0)).toMatchObject({ statusCode: 200 });
  expect(await post(0, 1)).toMatchObject({ statusCode: 200 });
  expect(await post(1, 0)).toMatchObject({ statusCode: 410 });
  expect([await client.next(), await client.next()]).toEqual(["hello", "hello"]);
});
