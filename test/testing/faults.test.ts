import {
  ApiGatewayManagementApiClient,
  GetConnectionCommand,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { expect, onTestFinished, test } from "vitest";
import type { TestGateway } from "../../src/testing/index.ts";
import { ask, startedWithSteps } from "./faulty-gateways.ts";
import { ok, startedWith } from "./gateways.ts";

/** Which of ten posts of each of three clients are gone, and which of their messages fail. */
async function run(seed: number): Promise<unknown> {
  const gateway: TestGateway = await startedWith(
    async (event) => {
      if (!("body" in event)) return ok();
      const { action, to } = JSON.parse(event.body);
      if (action !== "ask") return ok();
      const { managementUrl: endpoint, credentials, region } = gateway;
      const api = new ApiGatewayManagementApiClient({ endpoint, credentials, region });
      const told: string[] = [];
      for (let n = 0; n < 10; n += 1) {
        const post = new PostToConnectionCommand({ ConnectionId: to, Data: "hi" });
        told.push(
          await api.send(post).then(
            () => "ok",
            (error: Error) => error.name,
          ),
        );
      }
      api.destroy();
      return { statusCode: 200, body: JSON.stringify(told) };
    },
    { seed },
  );
  const clients = [await gateway.connect(), await gateway.connect(), await gateway.connect()];
  gateway.faults.post({ probability: 0.4 }).gone();
  gateway.faults.route("$default", { probability: 0.5 }).fails("by chance");
  clients.forEach((client, at) => {
    client.sendJson({ action: "ask", to: clients[(at + 1) % 3]!.connectionId });
    for (let n = 0; n < 5; n += 1) client.sendJson({ n });
  });
  await gateway.settled();
  return clients.map(({ received, connectionId }) => ({
    told: received.find((text) => text.startsWith("[")),
    failed: gateway
      .invocations("all")
      .filter((invocation) => invocation.connectionId === connectionId)
      .filter(({ event }) => event.requestContext.routeKey === "$default")
      .map(({ error }) => error?.errorMessage ?? "fine"),
  }));
}

test("a seed gives the same faults ten times of ten, with three clients at once", {
  tags: ["journey"],
}, async () => {
  const first = await run(7);
  for (let n = 2; n <= 10; n += 1) expect(await run(7)).toEqual(first);

  const text = JSON.stringify(first);
  for (const word of ["ok", "GoneException", "fine", "by chance"]) expect(text).toContain(word);
  expect(await run(8)).not.toEqual(first);
});

test("each fault that fires is a fact, with the seed of a draw, and is in the trace", async () => {
  const gateway = await startedWith(ok);
  const ann = await gateway.connect();
  gateway.faults.route("$default", { probability: 1, times: 1 }).fails("bad luck");

  ann.send("x");
  await gateway.settled();

  const { seed } = gateway.faults;
  const [fact] = gateway.facts("fault.injected");
  expect(fact).toMatchObject({
    fault: 'route("$default",{"probability":1,"times":1}).fails("bad luck")',
    functionName: "all",
    connectionId: ann.connectionId,
    awsRequestId: gateway.invocations().at(-1)?.awsRequestId,
    seed,
  });
  expect(gateway.trace()).toContain(`fails("bad luck") befalls all of client 1, seed ${seed}`);
});

test("a fault that never takes place is reported, when asked and when the gateway stops", async () => {
  const gateway = await startedWith(ok);
  await gateway.connect();
  const used = gateway.faults.route("$connect").fails();
  expect(await gateway.handshake()).toMatchObject({ kind: "refused" });
  used.remove();
  gateway.faults.post({ nth: 3 }).limitExceeded();

  expect(gateway.faults.unused()).toMatchObject([
    { description: 'post({"nth":3}).limitExceeded()', fired: 0 },
  ]);
  expect(() => gateway.faults.assertAllFired()).toThrow(
    'The fault post({"nth":3}).limitExceeded() never occurred.',
  );
  await gateway.stop();
  expect(gateway.facts("fault.unused")).toMatchObject([
    { fault: 'post({"nth":3}).limitExceeded()' },
  ]);
});

test("rejects unknown names and invalid numbers", async () => {
  const { faults } = await startedWith(ok);

  expect(() => faults.function("al")).toThrow('The API has no function "al". It has all.');
  expect(() => faults.route("asks")).toThrow('The API has no route "asks"');
  expect(() => faults.post({ function: "nobody" })).toThrow('no function "nobody"');
  expect(() => faults.post({ nth: 0 }).gone()).toThrow("nth is 0");
  expect(() => faults.post({ probability: 2 }).gone()).toThrow("from 0 to 1");
});

test("what is held when the gateway stops is let go", async () => {
  const gateway = await startedWith(ok);
  const ann = await gateway.connect();
  gateway.faults.route("$default").holdsAnswer();
  ann.send("x");
  await gateway.clock.advance(0); // by now the handler has answered

  await gateway.stop();

  const [, message] = gateway.invocations();
  expect(message).toMatchObject({ state: "returned", durationMs: 0 });
});

test("of several faults that fit the first that was set up takes place", async () => {
  const gateway = await startedWithSteps();
  const ann = await gateway.connect();
  const [first, second] = ["one", "two"].map((text) => gateway.faults.route("ask").fails(text));

  ann.sendJson(ask());
  await gateway.settled();

  expect(gateway.invocations("all").at(-1)?.error).toMatchObject({ errorMessage: "one" });
  expect([first?.fired, second?.fired]).toEqual([1, 0]);
});

test("a fault of an operation affects no other, and a fault of posts no other call", async () => {
  const gateway = await startedWithSteps();
  const ann = await gateway.connect();
  const { connectionId: ConnectionId } = ann;
  const faults = [
    gateway.faults.table("connections", { operation: "PutItem" }).throttles(),
    gateway.faults.post().gone(),
  ];

  ann.sendJson(ask({ do: "scan" }));
  await ann.expectNext(["ok"]);
  const client = new ApiGatewayManagementApiClient({
    endpoint: gateway.managementUrl,
    region: "us-east-1",
    credentials: gateway.credentials,
  });
  onTestFinished(() => client.destroy());
  const found = await client.send(new GetConnectionCommand({ ConnectionId }));

  expect(found.Identity?.SourceIp).toBe("127.0.0.1");
  expect(faults.map(({ fired }) => fired)).toEqual([0, 0]);
});

test("while the gateway stops no fault takes place any more", async () => {
  const gateway = await startedWithSteps();
  const [ann, bob] = [await gateway.connect(), await gateway.connect()];
  gateway.faults.disconnect({ connection: ann }).late("5s");
  const never = gateway.faults.route("$disconnect").fails();
  await ann.close();
  await gateway.settled();
  const hung = gateway.faults.route("ask").timesOut();
  bob.sendJson(ask());
  await gateway.fact("fault.injected", { fault: hung.description });

  await gateway.stop();

  const ends = gateway
    .invocations("all")
    .filter(({ event }) => event.requestContext.eventType === "DISCONNECT");
  expect(ends).toMatchObject([{ connectionId: bob.connectionId, state: "returned" }]);
  expect(gateway.facts("fault.unused")).toMatchObject([{ fault: never.description }]);
});
