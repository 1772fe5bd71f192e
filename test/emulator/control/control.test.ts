import { getEventListeners } from "node:events";
import { Socket } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { openControl } from "../../../src/emulator/control/client.ts";
import { callManagement } from "../../../src/emulator/control/management-call.ts";
import type { Fact } from "../../../src/emulator/facts.ts";
import { type GatewayOptions, startGateway } from "../../../src/testing/index.ts";

const DEFINITION = {
  name: "echo",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "v1" },
  functions: { echo: { handler: "echo.handler" } },
  routes: { echo: { function: "echo", routeResponse: true } },
};
const handlers: NonNullable<GatewayOptions["handlers"]> = {
  echo: async (event) => ({ statusCode: 200, body: "body" in event ? event.body : "" }),
};

async function gateway(stage = "v1") {
  const definition = { ...DEFINITION, stage: { name: stage } };
  const started = await startGateway(definition, { handlers, waitMs: 30_000 });
  onTestFinished(() => started.stop());
  return started;
}

test("tells the API, the open connections, and which of them a handshake made", async () => {
  const { control: address, ...started } = await gateway();
  const opening = await started.handshake({ headers: { "User-Agent": "ann" } });
  const control = openControl<Fact>(address);

  const [connection] = await control.connections();
  const handshakeId = String(opening.headers["sec-websocket-accept"]);

  expect(await control.project()).toEqual(JSON.parse(JSON.stringify(started.project)));
  expect(connection).toMatchObject({ sourceIp: "127.0.0.1", userAgent: "ann" });
  expect(await control.connectionOf(handshakeId)).toBe(connection?.connectionId);
  expect(await control.connectionOf("%")).toBeUndefined();
});

test("tells the facts kept and, to a follower, those to come", async () => {
  const { control: address, ...started } = await gateway();
  const ann = await started.connect();
  const control = openControl<Fact>(address);
  const kept = await control.facts();
  ann.send('{"action":"echo"}');

  const followed: string[] = [];
  const { signal } = new AbortController();
  for await (const entry of control.follow({ after: kept.at(-1)?.seq ?? 0, signal })) {
    followed.push(entry.type);
    if (entry.type === "message.answered") break;
  }

  expect(kept.map(({ type }) => type)).toEqual(["connection.requested", "connection.opened"]);
  expect(followed).toEqual(expect.arrayContaining(["message.received", "function.ended"]));
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test.each([
  ["without the token", {}],
  ["with a wrong token", { Authorization: "Bearer wrong" }],
])("answers as API Gateway does %s", async (_, headers) => {
  const { control } = await gateway();
  const origin = new URL(control.url).origin;

  const [asked, unknown] = await Promise.all(
    [`${control.url}/connections`, `${origin}/nothing/connections`].map(async (url) => {
      const response = await fetch(url, { headers: headers as Record<string, string> });
      const names = [...response.headers.keys()];
      return { status: response.status, body: await response.text(), names };
    }),
  );

  expect(asked).toEqual(unknown);
  expect(asked?.status).toBe(403);
});

test.each([
  ["from another machine", "192.168.1.7", {}],
  ["through a tunnel", "127.0.0.1", { "X-Forwarded-For": "203.0.113.7" }],
])("answers as API Gateway does %s, though it has the token", async (_, address, more) => {
  const { control } = await gateway();
  // What Node reads remoteAddress from; the property itself cannot be replaced.
  const sockets = Socket.prototype as unknown as { _getpeername: () => object };
  const remote = vi.spyOn(sockets, "_getpeername");
  onTestFinished(() => remote.mockRestore());
  remote.mockReturnValue({ address, family: "IPv4", port: 1 });

  const headers = { Authorization: `Bearer ${control.token}`, ...more } as Record<string, string>;
  const response = await fetch(`${control.url}/connections`, { headers });

  expect([response.status, await response.text()]).toEqual([403, '{"message":"Forbidden"}']);
});

test("leaves an API whose stage has the name of its path as it is", async () => {
  const started = await gateway("_wsgw");
  const ann = await started.connect();

  ann.send('{"action":"echo"}');

  expect(await ann.next()).toBe('{"action":"echo"}');
  const url = started.url.replace("ws:", "http:");
  expect((await fetch(url)).status).toBe(426);
});

test("calls the management API with a good signature", async () => {
  const started = await gateway();
  const ann = await started.connect();
  const call = (method: "POST" | "GET" | "DELETE", body = "") =>
    callManagement(started, method, ann.connectionId, body);

  expect(await call("POST", "hello")).toMatchObject({ statusCode: 200 });
  expect(await ann.next()).toBe("hello");
  expect(JSON.parse((await call("GET")).body)).toMatchObject({ identity: {} });
  expect(await call("DELETE")).toMatchObject({ statusCode: 204 });
  expect(await call("POST", "x")).toMatchObject({ statusCode: 410, errorType: "GoneException" });
});

test("says that a gateway is gone", async () => {
  const { control, stop } = await gateway();
  await stop();

  await expect(openControl(control).connections()).rejects.toMatchObject({
    code: "GATEWAY_UNREACHABLE",
  });
});

test.each([[undefined], [2]])(
  "says that a gateway of version %s cannot be asked",
  async (version) => {
    const { control } = await gateway();
    const { url, token } = control;
    const other = { url, token, ...(version !== undefined && { version }) };

    await expect(openControl(other).connections()).rejects.toMatchObject({
      code: "GATEWAY_OTHER_VERSION",
    });
  },
);
