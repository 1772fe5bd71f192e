import { request } from "node:http";
import { expect, test } from "vitest";
import type { ConnectEvent, WebSocketEvent } from "../../src/testing/index.ts";
import { apiOf, gatewayFor } from "./support.ts";

const api = apiOf(["$connect", "$disconnect", "$default"]);
const ok = async () => ({ statusCode: 200 });

test.each([[200], [201], [204], ["200"]])(
  "a $connect that returns %s lets the client in",
  async (statusCode) => {
    const gateway = await gatewayFor(api, { handlers: { connect: async () => ({ statusCode }) } });

    const opening = await gateway.handshake();

    expect(opening.kind).toBe("open");
  },
);

test.each([[301], [304], [400], [401], [403], [501]])(
  "2.3 (10): a $connect that returns %i is that HTTP status at the client, never a close after 101",
  async (statusCode) => {
    const gateway = await gatewayFor(api, { handlers: { connect: async () => ({ statusCode }) } });

    await expect(await gateway.handshake()).toBeRefusedWith(statusCode);
    expect(gateway.facts("connection.refused")).toHaveLength(1);
    expect(gateway.facts("connection.closed")).toEqual([]);
  },
);

test.each<[string, () => unknown]>([
  ["throws", () => Promise.reject(new Error("boom"))],
  ["returns nothing", async () => undefined],
  ["returns a text", async () => "ok"],
  ["returns no statusCode", async () => ({ body: "x" })],
  ["returns unknown keys", async () => ({ statusCode: 200, connectionId: "x" })],
])("2.3 (11): a $connect that %s is HTTP 502", async (_, connect) => {
  const gateway = await gatewayFor(api, { handlers: { connect } });

  await expect(await gateway.handshake()).toBeRefusedWith(502);
});

test("2.3 (12): a $connect that takes more than 29 seconds is HTTP 504", async () => {
  const gateway = await gatewayFor(
    apiOf(["$connect"], { functions: { connect: { handler: "x.connect", timeout: 60 } } }),
    { handlers: { connect: () => new Promise(() => {}) } },
  );
  const handshake = gateway.handshake();
  await gateway.fact("function.started");

  await gateway.clock.advance("29s");

  await expect(await handshake).toBeRefusedWith(504);
});

test("without a $connect route a client is let in", async () => {
  const gateway = await gatewayFor(apiOf(["$default"]), { handlers: { default: ok } });

  expect((await gateway.handshake()).kind).toBe("open");
});

test("the 101 is sent only after $connect has answered", async () => {
  const order: string[] = [];
  let letIn: (result: object) => void = () => {};
  const gateway = await gatewayFor(api, {
    handlers: {
      connect: () =>
        new Promise((resolve) => {
          letIn = resolve;
        }),
    },
  });
  const connecting = gateway.connect().then(() => order.push("open"));
  await gateway.fact("function.started");
  expect(gateway.facts("connection.opened")).toEqual([]);

  order.push("answered");
  letIn({ statusCode: 200 });
  await connecting;

  expect(order).toEqual(["answered", "open"]);
});

test("the event of $connect shows what the client sent, and the headers that API Gateway adds", async () => {
  const gateway = await gatewayFor(api);

  await gateway.connect({
    query: { token: "a b", tag: ["1", "2"] },
    headers: { Cookie: "c=1", "x-custom": "y" },
    sourceIp: "203.0.113.7",
    userAgent: "scenario/1",
  });

  const event = gateway.invocations("connect")[0]?.event as ConnectEvent;
  expect(event?.queryStringParameters).toEqual({ token: "a b", tag: "2" });
  expect(event?.multiValueQueryStringParameters).toEqual({ token: ["a b"], tag: ["1", "2"] });
  expect(event?.headers).toMatchObject({
    Cookie: "c=1",
    "x-custom": "y",
    Host: gateway.apis[0]?.domainName,
    "X-Forwarded-For": "203.0.113.7",
    "X-Forwarded-Port": "443",
    "X-Forwarded-Proto": "https",
    "Sec-WebSocket-Version": "13",
  });
  expect(Object.keys(event?.headers ?? {}).map((name) => name.toLowerCase())).not.toContain(
    "upgrade",
  );
  expect(event?.requestContext.identity).toEqual({
    userAgent: "scenario/1",
    sourceIp: "203.0.113.7",
  });
  expect(event?.requestContext.domainName).toBe(gateway.apis[0]?.domainName);
  expect(event?.requestContext.apiId).toMatch(/^[a-z0-9]{10}$/);
});

test("the subprotocol that $connect returns reaches the client; other headers do not", async () => {
  const gateway = await gatewayFor(api, {
    handlers: {
      connect: async () => ({
        statusCode: 200,
        headers: { "sec-websocket-protocol": "chat.v2", "Set-Cookie": "a=b", "x-other": "y" },
      }),
    },
  });

  const opening = await gateway.handshake({ subprotocols: ["chat.v1", "chat.v2"] });

  expect(opening.kind === "open" && opening.client.protocol).toBe("chat.v2");
  expect(Object.keys(opening.headers)).not.toContain("set-cookie");
  expect(Object.keys(opening.headers)).not.toContain("x-other");
});

test("a subprotocol that $connect does not return is not agreed on", async () => {
  const gateway = await gatewayFor(api, { handlers: { connect: ok } });

  // The ws client gives such a connection up by itself, as browsers do.
  await expect(gateway.handshake({ subprotocols: ["chat.v1"] })).rejects.toMatchObject({
    code: "SUBPROTOCOL_REFUSED",
  });
});

test("permessage-deflate is offered in the event and never agreed on", async () => {
  let offered: string | undefined;
  const gateway = await gatewayFor(api, {
    handlers: {
      connect: async (event: WebSocketEvent) => {
        offered = (event as ConnectEvent).headers["Sec-WebSocket-Extensions"];
        return { statusCode: 200 };
      },
    },
  });

  const opening = await gateway.handshake();

  expect(offered).toContain("permessage-deflate");
  expect(Object.keys(opening.headers)).not.toContain("sec-websocket-extensions");
});

test("2.3 (1): an unknown stage is HTTP 403 with API Gateway's body, and no function runs", async () => {
  const gateway = await gatewayFor(api, { handlers: { connect: ok } });

  const opening = await gateway.handshake({ path: "/prod" });

  expect(opening).toMatchObject({
    kind: "refused",
    statusCode: 403,
    body: '{"message":"Forbidden"}',
  });
  expect(opening.headers["x-amzn-errortype"]).toBe("ForbiddenException");
  expect(gateway.facts("function.started")).toEqual([]);
});

test("2.3 (1): a plain GET on the stage is HTTP 426, elsewhere 403", async () => {
  const gateway = await gatewayFor(api, { handlers: { connect: ok } });

  expect(await statusOf(`http://localhost:${gateway.port}/dev`)).toBe(426);
  expect(await statusOf(`http://localhost:${gateway.port}/elsewhere`)).toBe(403);
});

function statusOf(url: string, headers = {}): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });
}

test("2.3 (11): a $connect whose function takes more than its three seconds is HTTP 502", async () => {
  const gateway = await gatewayFor(api, { handlers: { connect: () => new Promise(() => {}) } });
  const handshake = gateway.handshake();
  await gateway.fact("function.started");

  await gateway.clock.advance("3s");

  await expect(await handshake).toBeRefusedWith(502);
});

test("a refusal of the gateway's own has the headers of API Gateway's front door", async () => {
  const gateway = await gatewayFor(api);

  const { headers } = await gateway.handshake({ path: "/prod" });

  expect(headers).toMatchObject({
    "content-type": "application/json",
    "content-length": "23",
    "x-amzn-errortype": "ForbiddenException",
    "x-amzn-requestid": expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    "x-amz-apigw-id": expect.stringMatching(/^[\w-]{11}E[\w-]{2}[AEIMQUYcgkosw048]=$/),
  });
});

/** As AWS's page has it. */
const SUBPROTOCOLS = async (event: WebSocketEvent) => {
  const { headers } = event as ConnectEvent;
  if (headers === undefined) return { statusCode: 200 };
  const asked = headers["Sec-WebSocket-Protocol"];
  if (asked === undefined) return { statusCode: 200 };
  if (!asked.split(",").includes("myprotocol")) return { statusCode: 400 };
  return { statusCode: 200, headers: { "Sec-WebSocket-Protocol": "myprotocol" } };
};

test("the handler of AWS's page about subprotocols accepts its own and rejects others with 400", async () => {
  const gateway = await gatewayFor(api, { handlers: { connect: SUBPROTOCOLS } });

  const opening = await gateway.handshake({ subprotocols: ["myprotocol", "other"] });

  expect(opening.kind === "open" && opening.client.protocol).toBe("myprotocol");
  await expect(await gateway.handshake({ subprotocols: ["other"] })).toBeRefusedWith(400);
  expect((await gateway.handshake()).kind).toBe("open");
});

test("a handshake without a key is HTTP 400 and told in the journal", async () => {
  const gateway = await gatewayFor(api);

  expect(await statusOf(`http://localhost:${gateway.port}/dev`, UPGRADE)).toBe(400);
  expect(await statusOf(`http://localhost:${gateway.port}/prod`, UPGRADE)).toBe(403);

  expect(gateway.facts("connection.refused")).toMatchObject([
    { statusCode: 400, because: "Missing or invalid Sec-WebSocket-Key header" },
    { statusCode: 403, because: "unknown-stage", path: "/prod" },
  ]);
  expect(gateway.facts("function.started")).toEqual([]);
});

const UPGRADE = { Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Version": "13" };
