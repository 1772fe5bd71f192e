import { expect, test } from "vitest";
import type { Entrance } from "../../../../src/emulator/apigateway/rules/domain-name.ts";
import { apiAt, stagesByPath } from "../../../../src/emulator/apigateway/rules/reachable-stages.ts";
import type { ServedApi } from "../../../../src/emulator/apigateway/rules/served-api.ts";

const served = (key: string, stages: readonly string[], mappingKey?: string): ServedApi => ({
  key,
  apiId: `${key}-id`,
  routeSelectionExpression: "$request.body.action",
  apiKeySelectionExpression: "$request.header.x-api-key",
  routes: {},
  authorizers: {},
  models: {},
  identities: {},
  stages: Object.fromEntries(
    stages.map((name) => [
      name,
      {
        name,
        description: undefined,
        variables: {},
        throttle: undefined,
        accessLog: undefined,
        executionLog: undefined,
        detailedMetrics: undefined,
      },
    ]),
  ),
  customDomain:
    mappingKey === undefined
      ? undefined
      : { name: "chat.example.com", mappingKey, certificateArn: undefined },
  domainName: "localhost",
  hosts: [],
});

const chat = served("chat", ["v1", "v2"], "live");
const admin = served("admin", ["v1"]);

test.each<[string, ServedApi, Entrance, Record<string, string>]>([
  ["its execute-api host", chat, "execute-api", { v1: "v1", v2: "v2" }],
  ["its custom domain", chat, "custom-domain", { live: "v1" }],
  ["a custom domain without a key", served("chat", ["v1"], ""), "custom-domain", { "": "v1" }],
  ["this machine", chat, "elsewhere", { v1: "v1", "chat/v1": "v1", v2: "v2", "chat/v2": "v2" }],
])("at %s the paths of an API lead to its stages", (_, api, entrance, stages) => {
  expect(Object.fromEntries(stagesByPath(api, entrance))).toEqual(stages);
});

const elsewhere = { kind: "elsewhere" } as const;

test.each([
  ["/v1", "chat"],
  ["/chat/v1", "chat"],
  ["/admin/v1", "admin"],
  ["/admin/v1/@connections/abc=", "admin"],
  ["/admin?a=1", "admin"],
  ["/nothing", "chat"],
  ["/", "chat"],
])("%s on this machine leads to %s", (path, key) => {
  expect(apiAt([chat, admin], elsewhere, path).key).toBe(key);
});

test("a stage of the first API wins over the name of another", () => {
  expect(apiAt([served("chat", ["admin"]), admin], elsewhere, "/admin").key).toBe("chat");
});

const bare = served("bare", ["v1"], "");
const live = served("live", ["v1"], "v2");
const onDomain = { kind: "custom-domain", name: "chat.example.com" } as const;

test.each([
  ["/", "bare"],
  ["/?a=1", "bare"],
  ["/@connections/abc=", "bare"],
  ["/v2", "live"],
  ["/v2/", "live"],
  ["/v2?a=1", "live"],
  ["/v2/@connections/abc=", "live"],
  ["/nothing", "bare"],
])("%s on a domain of two APIs leads to %s", (path, key) => {
  expect(apiAt([admin, bare, live], onDomain, path).key).toBe(key);
  expect(apiAt([live, admin, bare], onDomain, path).key).toBe(key);
});

test("if each API on a domain has a key, the first of them rejects other paths", () => {
  expect(apiAt([admin, live, chat], onDomain, "/nothing").key).toBe("live");
});

test("a host of AWS leads to its API, whatever the path", () => {
  const host = { kind: "execute-api", apiId: "admin-id" } as const;

  expect(apiAt([chat, admin], host, "/chat/v1").key).toBe("admin");
});
