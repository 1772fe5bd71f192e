import { expect, test } from "vitest";
import { httpRouteOf } from "../../src/emulator/http-routes.ts";

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
