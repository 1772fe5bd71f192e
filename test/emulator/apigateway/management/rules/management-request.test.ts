import { expect, test } from "vitest";
import { readManagementRequest } from "../../../../../src/emulator/apigateway/management/rules/management-request.ts";

const ID = "Xux7aeaAFiACHZQ=";
const STAGE = new Set(["v1"]);

const call = (operation: string, doubleSlash = false) => ({
  kind: "call",
  operation,
  connectionId: ID,
  prefix: "v1",
  doubleSlash,
});
const malformed = (connectionId: string) => ({
  kind: "malformed-id",
  connectionId,
  doubleSlash: false,
});

test.each([
  ["POST", `/v1/@connections/Xux7aeaAFiACHZQ%3D`, call("post")],
  ["GET", `/v1/@connections/Xux7aeaAFiACHZQ%3d`, call("get")],
  ["DELETE", `/v1/@connections/${ID}`, call("delete")],
  ["POST", `/v1/%40connections/${ID}`, call("post")],
  ["POST", `/v1/@connections/${ID}?a=b/c`, call("post")],
  ["POST", `/v1//@connections/${ID}`, call("post", true)],
  ["POST", `//v1/@connections/${ID}`, call("post", true)],
  ["POST", `/v1/@connections/${ID}/`, call("post", true)],
  [
    "POST",
    "/v1/@connections/-_aAFiACHZQCHZQ%3D",
    { ...call("post"), connectionId: "-_aAFiACHZQCHZQ=" },
  ],
  ["POST", `/v1/@connections/${ID}test`, malformed(`${ID}test`)],
  ["POST", "/v1/@connections/Xux7aeaAFiACHZQ", malformed("Xux7aeaAFiACHZQ")],
  ["POST", "/v1/@connections/AAAAAAAAAAAAAAA=", malformed("AAAAAAAAAAAAAAA=")],
  ["POST", "/v1/@connections/AbgHN0-zjQAYKEjhgA%3D%3D", malformed("AbgHN0-zjQAYKEjhgA==")],
  ["POST", "/v1/@connections/gbgHN0-zjQAYKEjhgA%3D", malformed("gbgHN0-zjQAYKEjhgA=")],
  ["POST", "/v1/@connections/gbgHN0-zjQAYKEjhgAA%3D%3D", malformed("gbgHN0-zjQAYKEjhgAA==")],
  ["GET", "/v1/@connections/bot_GAMECODE_X", malformed("bot_GAMECODE_X")],
  [
    "DELETE",
    "/v1/@connections/0e4a9f5b-7d20-4a34-9b35-0f5a4dcd5a35",
    malformed("0e4a9f5b-7d20-4a34-9b35-0f5a4dcd5a35"),
  ],
  ["POST", "/v1/@connections/a%2Fb%20c%40%3D", malformed("a/b c@=")],
  ["POST", "/v1/@connections/Xux7aeaAFiACHZQ%253D", malformed("Xux7aeaAFiACHZQ%3D")],
  ["POST", "/v1/@connections/%zz", malformed("%zz")],
  ["PUT", `/v1/@connections/${ID}`, { kind: "unknown-path" }],
  ["HEAD", `/v1/@connections/${ID}`, { kind: "unknown-path" }],
  ["POST", "/v1/@connections", { kind: "unknown-path" }],
  ["POST", "/v1/@connections/", { kind: "unknown-path" }],
  ["POST", `/v1/@connections/${ID}/more`, { kind: "unknown-path" }],
  ["POST", `/@connections/${ID}`, { kind: "unknown-stage" }],
  ["POST", `/v2/@connections/${ID}`, { kind: "unknown-stage" }],
  ["POST", `/v2/v1/@connections/${ID}`, { kind: "unknown-stage" }],
  [
    "POST",
    "/v1/v1/@connections/Xux7aeaAFiACHZQ%3D",
    { kind: "no-method", method: "POST", path: `v1/@connections/${ID}` },
  ],
  ["GET", "/v1", { kind: "other" }],
  ["GET", "/v1/connections", { kind: "other" }],
  ["GET", `/v1?next=/@connections/${ID}`, { kind: "other" }],
])("reads %s %s", (method, url, expected) => {
  expect(readManagementRequest(STAGE, method, url)).toEqual(expected);
});

test.each([
  [`/@connections/${ID}`, "call"],
  [`/chat/@connections/${ID}`, "call"],
  [`/v1/@connections/${ID}`, "no-method"],
])("on a custom domain with and without a mapping key, %s is %s", (url, kind) => {
  expect(readManagementRequest(new Set(["", "chat"]), "POST", url).kind).toBe(kind);
});

test("on a custom domain the path with the stage has no method", () => {
  const read = (prefixes: string[], url: string) =>
    readManagementRequest(new Set(prefixes), "POST", url, "custom-domain");

  expect(read([""], "/prod/@connections/Xux7aeaAFiACHZQ%3D")).toEqual({
    kind: "no-method",
    method: "POST",
    path: "prod/@connections/Xux7aeaAFiACHZQ=",
  });
  expect(read([""], "/@connections/Xux7aeaAFiACHZQ%3D").kind).toBe("call");
  expect(read(["live/v2"], "/live/v2/@connections/Xux7aeaAFiACHZQ%3D").kind).toBe("call");
  expect(read(["live"], "/@connections/Xux7aeaAFiACHZQ%3D").kind).toBe("no-method");
});

test("a mapping key may have several segments", () => {
  expect(
    readManagementRequest(new Set(["a/b"]), "POST", `/a/b/@connections/${ID}`, "custom-domain"),
  ).toEqual({ ...call("post"), prefix: "a/b" });
});

test("a path without a route keeps percent signs that encode nothing", () => {
  expect(readManagementRequest(STAGE, "GET", `/v1/%zz/a%20b/@connections/${ID}`)).toEqual({
    kind: "no-method",
    method: "GET",
    path: `%zz/a b/@connections/${ID}`,
  });
});
