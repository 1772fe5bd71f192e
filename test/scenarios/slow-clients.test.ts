import { once } from "node:events";
import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { expect, onTestFinished, test, vi } from "vitest";
import WebSocket from "ws";
import { apiOf, gatewayFor } from "./support.ts";

const LARGEST = 131_072;
const FAR_TOO_MUCH = 64 * 1024 * 1024;

test("posts for a client that does not read are held up to a limit, then LimitExceededException", {
  tags: ["journey"],
}, async () => {
  const gateway = await gatewayFor(apiOf(["$default"]));
  const client = new WebSocket(gateway.url);
  onTestFinished(() => client.terminate());
  await once(client, "open");
  const { connectionId } = await gateway.fact("connection.opened");
  let received = 0;
  client.on("message", () => {
    received += 1;
  });
  client.pause();
  const management = new ApiGatewayManagementApiClient({
    endpoint: gateway.managementUrl,
    region: "us-east-1",
    credentials: gateway.credentials,
    maxAttempts: 1,
  });
  const post = () =>
    management.send(
      new PostToConnectionCommand({ ConnectionId: connectionId, Data: "a".repeat(LARGEST) }),
    );

  let delivered = 0;
  let rejection: unknown;
  while (rejection === undefined && delivered * LARGEST < FAR_TOO_MUCH) {
    await post().then(
      () => {
        delivered += 1;
      },
      (error: unknown) => {
        rejection = error;
      },
    );
  }

  expect(rejection).toMatchObject({
    name: "LimitExceededException",
    message: "Too Many Requests",
    $metadata: { httpStatusCode: 429 },
  });
  expect(gateway.facts("management.answered").at(-1)).toMatchObject({ because: "buffer-full" });
  client.resume();
  await vi.waitFor(() => expect(received).toBe(delivered));
  await post();
  await vi.waitFor(() => expect(received).toBe(delivered + 1));
});
