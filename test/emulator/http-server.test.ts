import { createServer } from "node:http";
import { expect, test } from "vitest";
import type { ConnectionsRouter } from "../../src/emulator/apigateway/management/management-api.ts";
import { createRequestListener } from "../../src/emulator/http-server.ts";
import { listen } from "../listen.ts";
import { fixedIds } from "./servers.ts";

async function serve(connections: ConnectionsRouter = () => false): Promise<string> {
  const server = createServer(createRequestListener(connections, new Set(["v1"]), fixedIds));
  return `http://127.0.0.1:${await listen(server)}`;
}

test.each([
  ["GET", "/v1", 426, '{"message":"Upgrade Required"}'],
  ["GET", "/v1/", 426, '{"message":"Upgrade Required"}'],
  ["POST", "/v1", 403, '{"message":"Forbidden"}'],
  ["GET", "/", 403, '{"message":"Forbidden"}'],
  ["GET", "/v2", 403, '{"message":"Forbidden"}'],
  ["GET", "/%zz", 403, '{"message":"Forbidden"}'],
  ["GET", "//v1", 403, '{"message":"Forbidden"}'],
  ["OPTIONS", "/v2", 403, '{"message":"Forbidden"}'],
])("answers a plain %s %s with %i", async (method, path, status, body) => {
  const url = await serve();

  const response = await fetch(url + path, { method });

  expect(response.status).toBe(status);
  expect(await response.text()).toBe(body);
  expect(response.headers.get("x-amzn-requestid")).toBe("8f0d2b3e-0000-4000-8000-000000000001");
  expect(response.headers.get("x-powered-by")).toBeNull();
});

test("asks the management API first", async () => {
  const url = await serve((_request, response) => {
    response.end("taken");
    return true;
  });

  expect(await (await fetch(`${url}/v1`)).text()).toBe("taken");
});
