import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  GoneException,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { expect, onTestFinished, test } from "vitest";
import type { TestGateway, WebSocketEvent } from "../../src/testing/index.ts";
import { apiOf, gatewayFor } from "./support.ts";

const ok = async () => ({ statusCode: 200 });

function managementClient(gateway: TestGateway): ApiGatewayManagementApiClient {
  const client = new ApiGatewayManagementApiClient({
    endpoint: gateway.managementUrl,
    region: "us-east-1",
    credentials: gateway.credentials,
  });
  onTestFinished(() => client.destroy());
  return client;
}

test("the SDK posts to a connection, describes it and deletes it", async () => {
  const gateway = await gatewayFor(apiOf(["$connect", "$disconnect"]), {
    handlers: { connect: ok, disconnect: ok },
  });
  const ann = await gateway.connect({ userAgent: "scenario/1" });
  const ConnectionId = ann.connectionId;
  const management = managementClient(gateway);

  await management.send(new PostToConnectionCommand({ ConnectionId, Data: '"hello"' }));
  expect(await ann.next()).toBe('"hello"');

  const description = await management.send(new GetConnectionCommand({ ConnectionId }));
  expect(description.Identity).toEqual({ SourceIp: "127.0.0.1", UserAgent: "scenario/1" });
  expect(description.ConnectedAt).toEqual(new Date(gateway.clock.now()));
  expect(description.LastActiveAt).toEqual(new Date(gateway.clock.now()));

  await management.send(new DeleteConnectionCommand({ ConnectionId }));
  expect(await ann.closed).toEqual({ code: 1000, reason: "Connection Closed Normally" });

  const gone = await management
    .send(new PostToConnectionCommand({ ConnectionId, Data: "x" }))
    .catch((error: unknown) => error);
  expect(gone).toBeInstanceOf(GoneException);
  expect(gone).toMatchObject({ name: "GoneException", $metadata: { httpStatusCode: 410 } });
});

test("posting restarts the idle limit", async () => {
  const gateway = await gatewayFor(apiOf(["$connect"]), { handlers: { connect: ok } });
  const ann = await gateway.connect();
  const management = managementClient(gateway);

  await gateway.clock.advance("9m");
  await management.send(
    new PostToConnectionCommand({ ConnectionId: ann.connectionId, Data: "tick" }),
  );
  await gateway.clock.advance("9m");
  expect(gateway.facts("connection.closed")).toEqual([]);
  await gateway.clock.advance("1m");

  expect(await ann.closed).toEqual({ code: 1001, reason: "Going away" });
});

test("two posts that are awaited one after the other arrive in that order", async () => {
  const gateway = await gatewayFor(apiOf(["$connect"]), { handlers: { connect: ok } });
  const { connectionId: ConnectionId, ...ann } = await gateway.connect();
  const management = managementClient(gateway);

  for (const Data of ["1", "2", "3"]) {
    await management.send(new PostToConnectionCommand({ ConnectionId, Data }));
  }

  expect([await ann.next(), await ann.next(), await ann.next()]).toEqual(["1", "2", "3"]);
});

test("posting to itself inside $connect is Gone; posting to another connection works", async () => {
  let others: string[] = [];
  const seen: string[] = [];
  const gateway: TestGateway = await gatewayFor(apiOf(["$connect"]), {
    handlers: {
      connect: async ({ requestContext: { connectionId } }: WebSocketEvent) => {
        const management = managementClient(gateway);
        for (const ConnectionId of [connectionId, ...others]) {
          const posted = management.send(new PostToConnectionCommand({ ConnectionId, Data: "hi" }));
          seen.push(
            await posted.then(
              () => "delivered",
              (error: Error) => error.name,
            ),
          );
        }
        return { statusCode: 200 };
      },
    },
  });
  const ann = await gateway.connect();
  others = [ann.connectionId];

  await gateway.connect();

  expect(seen).toEqual(["GoneException", "GoneException", "delivered"]);
  expect(await ann.next()).toBe("hi");
});
