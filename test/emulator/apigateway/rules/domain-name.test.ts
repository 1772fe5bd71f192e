import { expect, test } from "vitest";
import { reachedAt } from "../../../../src/emulator/apigateway/rules/domain-name.ts";

const named = { executeApi: "abc.execute-api.us-east-1.amazonaws.com", own: "localhost:3001" };
const plain = { customDomain: undefined, hosts: [], domainName: "execute-api" } as const;
const domain = { name: "chat.example.com", mappingKey: "", certificateArn: undefined };

test.each([
  ["what AWS gives it", plain, "elsewhere", "localhost", named.executeApi],
  ["its custom domain", { ...plain, customDomain: domain }, "elsewhere", "127.0.0.1", domain.name],
  ["the first of its hosts", { ...plain, hosts: ["a.test", "b.test"] }, "elsewhere", "x", "a.test"],
  [
    "the host that was asked for",
    { ...plain, hosts: ["a.test"] },
    "execute-api",
    "b.test",
    "b.test",
  ],
  [
    "the custom domain asked for",
    { ...plain, customDomain: domain },
    "custom-domain",
    "x",
    domain.name,
  ],
] as const)("events call the API by %s", (_, api, entrance, host, domainName) => {
  expect(reachedAt(api, entrance, host, named)).toEqual({
    entrance,
    domainName,
    host: domainName,
  });
});

test("domainName localhost leaves the events the address on this machine", () => {
  const api = { ...plain, domainName: "localhost" } as const;

  expect(reachedAt(api, "elsewhere", "127.0.0.1", named)).toEqual({
    entrance: "elsewhere",
    domainName: "localhost:3001",
    host: undefined,
  });
});
