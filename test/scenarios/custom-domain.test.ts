import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import {
  type ApiDefinition,
  type ProjectDefinition,
  startGateway,
  type TestGateway,
} from "../../src/testing/index.ts";
import { stopChecked } from "../checked-facts.ts";
import { buildLambdaChild } from "../contracts/lambda-setup.ts";

const root = fileURLToPath(new URL("../../fixtures/aws-calls", import.meta.url));
const onDomain = { host: "chat.example.com" };

beforeAll(buildLambdaChild);

/** Gateways that tests share: each looks at its own connection only. */
const shared = new Map<string, Promise<TestGateway>>();
afterAll(async () => {
  for (const gateway of shared.values()) await stopChecked(await gateway);
});

function share(
  definition: ApiDefinition | ProjectDefinition,
  runtime: "child-process" | "in-process" = "in-process",
): Promise<TestGateway> {
  const key = JSON.stringify([definition, runtime]);
  const started = shared.get(key) ?? startGateway(definition, { root, runtime, waitMs: 30_000 });
  shared.set(key, started);
  return started;
}

function start(
  customDomain: ApiDefinition["customDomain"] & object,
  runtime: "child-process" | "in-process" = "in-process",
) {
  const definition: ApiDefinition = {
    name: "domain",
    routeSelectionExpression: "$request.body.action",
    stage: { name: "prod" },
    functions: { probe: { handler: "app.handler", timeout: 20, memory: 256 } },
    routes: { $default: { function: "probe", routeResponse: true } },
    customDomain,
  };
  return share(definition, runtime);
}

test.each([
  ["child-process", undefined, "https://$DOMAIN"],
  ["in-process", undefined, "https://$DOMAIN"],
  ["in-process", "live-v2", "https://$DOMAIN/live-v2"],
] as const)(
  "in %s handlers post to a custom domain with the mapping key %s at %s",
  { tags: ["journey"] },
  async (runtime, mappingKey, endpoint) => {
    const gateway = await start(
      { name: "chat.example.com", ...(mappingKey !== undefined && { mappingKey }) },
      runtime,
    );
    const ann = await gateway.connect({ path: `/${mappingKey ?? ""}`, headers: onDomain });

    ann.sendJson({ call: "management", endpoint, ConnectionId: ann.connectionId });

    expect(await ann.next()).toBe("hi");
    expect(await ann.nextJson()).toEqual({ answer: "posted", asked: [] });
  },
);

test.each(["in-process", "child-process"] as const)(
  "in %s the mapping key chooses among the APIs on one domain, for clients and for posts",
  async (runtime) => {
    const routes = { $default: { function: "probe", routeResponse: true } };
    const onKey = (mappingKey?: string) => ({
      routeSelectionExpression: "$request.body.action",
      stages: { prod: {} },
      routes,
      customDomain: { name: "chat.example.com", ...(mappingKey && { mappingKey }) },
    });
    const definition = {
      name: "domain",
      apis: { chat: onKey("v1"), admin: onKey("v2"), bare: onKey() },
      functions: { probe: { handler: "app.handler", timeout: 20, memory: 256 } },
    };
    const gateway = await startGateway(definition, { root, runtime, waitMs: 30_000 });
    onTestFinished(() => stopChecked(gateway));
    for (const [path, api, foreign] of [
      ["/v1", "chat", "/v2"],
      ["/v2", "admin", ""],
      ["", "bare", "/v1"],
    ] as const) {
      const ann = await gateway.connect({ path: path || "/", headers: onDomain });
      const post = (at: string) => ({
        call: "management",
        endpoint: `https://$DOMAIN${at}`,
        ConnectionId: ann.connectionId,
      });

      ann.sendJson(post(path));
      expect(await ann.next()).toBe("hi");
      expect(await ann.nextJson()).toMatchObject({ answer: "posted" });
      ann.sendJson(post(foreign));
      expect(await ann.nextJson()).toMatchObject({ error: { name: "GoneException" } });
      const { connectionId } = ann;
      expect(gateway.facts("connection.requested", { connectionId })).toMatchObject([{ api }]);
    }
  },
);

test("15 (8): events carry the custom domain and the real stage", async () => {
  const gateway = await start({ name: "chat.example.com" });
  const ann = await gateway.connect();

  ann.sendJson({ call: "fetch", url: "https://sqs.us-east-1.amazonaws.com" });
  await ann.next();

  const [started] = gateway.facts("function.started", { connectionId: ann.connectionId });
  expect(started?.event.requestContext).toMatchObject({
    domainName: "chat.example.com",
    stage: "prod",
  });
});

test("rejects the path with the stage on the custom domain, as on AWS", async () => {
  const gateway = await start({ name: "chat.example.com" });
  const ann = await gateway.connect();
  const { connectionId: ConnectionId } = ann;

  ann.sendJson({ call: "management", endpoint: "https://$DOMAIN/prod", ConnectionId });

  expect(await ann.nextJson()).toMatchObject({
    error: {
      name: "NotFoundException",
      status: 404,
      message: `No method found matching route prod/@connections/${ConnectionId} for http method POST.`,
    },
  });
});

test.each([
  ["the stage on the custom domain", "/prod", onDomain, 403],
  ["no mapping key", "/", onDomain, 403],
  ["the mapping key on the default host", "/live-v2", {}, 403],
])("rejects a handshake with %s", async (_, path, headers, statusCode) => {
  const gateway = await start({ name: "chat.example.com", mappingKey: "live-v2" });

  const opening = await gateway.handshake({ path, headers });

  expect(opening).toMatchObject({ kind: "refused", statusCode });
});

test("the default host takes the stage as before", async () => {
  const gateway = await start({ name: "chat.example.com", mappingKey: "live-v2" });

  expect((await gateway.handshake()).kind).toBe("open");
});

const several = {
  name: "domain",
  apis: {
    chat: {
      routeSelectionExpression: "$request.body.action",
      stages: { live: { variables: { mood: "calm" } }, test: { variables: { mood: "wild" } } },
      routes: { $default: { function: "probe", routeResponse: true } },
      customDomain: { name: "chat.example.com", mappings: { "": "live", next: "test" } },
      disableExecuteApiEndpoint: true,
    },
  },
  functions: { probe: { handler: "app.handler", timeout: 20, memory: 256 } },
} satisfies ProjectDefinition;

test.each([
  ["/", "live", "calm"],
  ["/next", "test", "wild"],
])(
  "15 (7): each mapping of a domain leads to its stage, with its variables: %s",
  async (path, stage, mood) => {
    const gateway = await share(several);
    const ann = await gateway.connect({ path, headers: onDomain });
    const endpoint = `https://$DOMAIN${path}`;

    ann.sendJson({ call: "management", endpoint, ConnectionId: ann.connectionId });

    expect(await ann.next()).toBe("hi");
    expect(await ann.nextJson()).toMatchObject({ answer: "posted" });
    const { connectionId } = ann;
    const [started] = gateway.facts("function.started", { connectionId });
    expect(started?.event).toMatchObject({ stageVariables: { mood }, requestContext: { stage } });
  },
);

test("15 (6): nothing answers at a disabled execute-api host, and clients of this machine connect", async () => {
  const gateway = await share(several);
  const [{ id = "" } = {}] = gateway.apis;
  const headers = { host: `${id}.execute-api.${gateway.region}.amazonaws.com` };

  const rejected = await gateway.handshake({ path: "/live", headers });

  expect(rejected).toMatchObject({
    kind: "refused",
    statusCode: 403,
    body: '{"message":"Forbidden"}',
  });
  expect((await gateway.fact("connection.refused")).because).toContain("disableExecuteApiEndpoint");
  const ann = await gateway.connect();
  ann.sendJson({
    call: "management",
    endpoint: `https://${headers.host}/live`,
    ConnectionId: ann.connectionId,
  });
  expect(await ann.nextJson()).toMatchObject({ error: { status: 403 } });
});
