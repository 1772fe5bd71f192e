import { expect, test } from "vitest";
import {
  type AccessDenied,
  deniedBody,
  deniedMessage,
} from "../../../../src/emulator/iam/rules/access-denied.ts";

const denied: AccessDenied = {
  caller: "arn:aws:sts::123456789012:assumed-role/chat/say",
  action: "execute-api:ManageConnections",
  resource:
    "arn:aws:execute-api:us-east-1:123456789012:abcdef1234/dev/POST/@connections/{connectionId}",
  decision: "implicit-deny",
};

test("a rejection names caller, action and resource, and says that no policy allows the action", () => {
  expect(deniedMessage(denied)).toBe(
    "User: arn:aws:sts::123456789012:assumed-role/chat/say is not authorized to perform: " +
      "execute-api:ManageConnections on resource: " +
      "arn:aws:execute-api:us-east-1:123456789012:abcdef1234/dev/POST/@connections/{connectionId} " +
      "because no identity-based policy allows the execute-api:ManageConnections action",
  );
});

test("a rejection by a Deny says so in place of that", () => {
  expect(
    deniedMessage({ ...denied, action: "a:B", resource: "r", decision: "explicit-deny" }),
  ).toBe(
    "User: arn:aws:sts::123456789012:assumed-role/chat/say is not authorized to perform: a:B " +
      "on resource: r with an explicit deny in an identity-based policy",
  );
});

test("the body has `Message` alone, and of the resource's account the last four digits only", () => {
  const resource = (account: string) =>
    `arn:aws:execute-api:us-east-1:${account}:abcdef1234/dev/$connect`;
  expect(JSON.parse(deniedBody({ ...denied, resource: resource("123456789012") }))).toEqual({
    Message: deniedMessage({ ...denied, resource: resource("********9012") }),
  });
});
