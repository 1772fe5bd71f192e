import { expect, test } from "vitest";
import {
  acceptOf,
  describeHandshake,
  withHost,
} from "../../../../../src/emulator/apigateway/connect/rules/received-handshake.ts";

test("the identity contains the user agent only if there is one", () => {
  const sourceIp = "192.0.2.1";

  expect(describeHandshake({ rawHeaders: ["user-agent", "wscat"], sourceIp })).toEqual({
    userAgent: "wscat",
    sourceIp,
  });
  expect(Object.keys(describeHandshake({ rawHeaders: [], sourceIp }))).toEqual(["sourceIp"]);
});

test("the Host that AWS would have got takes the place of that header only", () => {
  const sent = ["HOST", "localhost:3001", "X-Own", "host", "host", "again"];

  expect(withHost(sent, undefined)).toBe(sent);
  expect(withHost(sent, "h")).toEqual(["HOST", "h", "X-Own", "host", "host", "h"]);
});

// The example of RFC 6455, 1.3.
test("an answer's Sec-WebSocket-Accept is made from the key", () => {
  expect(acceptOf(["sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="])).toBe(
    "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
  );
});
