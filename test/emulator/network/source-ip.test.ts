import { expect, test } from "vitest";
import { sourceIp } from "../../../src/emulator/network/source-ip.ts";

test.each([
  ["127.0.0.1", "127.0.0.1"],
  ["::ffff:192.168.1.7", "192.168.1.7"],
  ["::1", "::1"],
  ["fe80::ffff:1", "fe80::ffff:1"],
  [undefined, ""],
])("writes %s as %s", (address, written) => {
  expect(sourceIp(address)).toBe(written);
});
