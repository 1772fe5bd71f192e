import { createServer } from "node:http";
import { expect, test } from "vitest";
import type { ConnectionsRouter } from "../../src/emulator/apigateway/management/management-api.ts";
import {
  causeOfRejection,
  createRequestListener,
  httpRouteOf,
} from "../../src/emulator/http-requests.ts";
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

test.each([
  ["GET", "/v1", "upgrade-required"],
  ["GET", "/v1/", "upgrade-required"],
  ["GET", "/v1/anything?a=b", "upgrade-required"],
  ["POST", "/v1", "unknown-path"],
  ["GET", "/v2", "unknown-stage"],
  ["GET", "/v12", "unknown-stage"],
  ["GET", "/", "unknown-stage"],
  ["GET", "/?v1", "unknown-stage"],
])("rejects a plain %s %s for %s", (method, url, cause) => {
  expect(causeOfRejection(["v1"], method, url)).toBe(cause);
});

test("on a custom domain without a mapping key every path is below it", () => {
  expect(causeOfRejection([""], "GET", "/anything")).toBe("upgrade-required");
  expect(causeOfRejection([""], "GET", "/")).toBe("upgrade-required");
});

const routes = ["GET /rooms/{id}", "ANY /files/{proxy+}", "POST /a.b"];
const WEB = {
  name: "Web",
  functions: ["f"],
  routes: routes.map((route) => ({ route, function: "f" })),
};
const UNKNOWN = { name: "Elsewhere", functions: ["f"] };

test.each([
  ["GET", "/rooms/7?a=b", "GET /rooms/{id}"],
  ["GET", "/rooms/7/", "GET /rooms/{id}"],
  ["GET", "/Prod/rooms/7", "GET /rooms/{id}"],
  ["OPTIONS", "/rooms/7", "GET /rooms/{id}"],
  ["PUT", "/files/a/b", "ANY /files/{proxy+}"],
  ["POST", "/a.b", "POST /a.b"],
  ["POST", "/axb", undefined],
  ["POST", "/rooms/7", undefined],
  ["GET", "/rooms", undefined],
  ["GET", "/", undefined],
])("%s %s is for %s", (method, url, route) => {
  expect(httpRouteOf([UNKNOWN, WEB], method, url)?.route).toBe(route);
});

test("$default takes what no other route does", () => {
  const all = { ...WEB, routes: [{ route: "$default", function: "other" }, ...WEB.routes] };

  expect(httpRouteOf([all], "GET", "/rooms/7")?.function).toBe("f");
  expect(httpRouteOf([all], "GET", "/else")).toEqual({
    api: "Web",
    route: "$default",
    function: "other",
  });
});
