import { expect, test } from "vitest";
import {
  clientClose,
  closeFor,
} from "../../../../../src/emulator/apigateway/disconnect/rules/close-codes.ts";

test.each([
  ["idle", 1001, "Going away"],
  ["age", 1001, "Going away"],
  ["gateway-stopped", 1001, "Going away"],
  ["binary-message", 1003, "Binary is not supported"],
  ["too-large", 1009, ""],
  ["protocol-error", 1002, ""],
  ["invalid-utf8", 1007, ""],
  ["deleted", 1000, "Connection Closed Normally"],
] as const)("the gateway closes for %s with %i %j", (cause, code, reason) => {
  expect(closeFor(cause)).toEqual({ code, reason });
});

test.each([
  ["a page that was left", 1001, "", { code: 1001, reason: "", because: "client-closed" }],
  [
    "a close frame without a status",
    1005,
    "",
    { code: 1005, reason: "Client-side close frame status not set", because: "client-closed" },
  ],
  ["a code and a reason", 4001, "bye", { code: 4001, reason: "bye", because: "client-closed" }],
  ["a lost line", 1006, "", { code: 1006, reason: "", because: "lost" }],
])("$disconnect gets %s", (_, code, reason, told) => {
  expect(clientClose(code, reason)).toEqual(told);
});
