import { expect, test } from "vitest";
import {
  addressesOfHost,
  addressToListenOn,
  localName,
  readHost,
  urlHost,
} from "../../../../src/emulator/network/rules/public-host.ts";

test.each([
  ["192.168.1.5", "192.168.1.5"],
  ["Laptop.Local", "laptop.local"],
  ["laptop", "laptop"],
  ["[FD00:0::2]", "fd00::2"],
  ["fd00::2", "fd00::2"],
])("%s is a host", (text, host) => {
  expect(readHost(text)).toBe(host);
});

test.each([
  "",
  "http://laptop",
  "laptop:3001",
  "192.168.1",
  "192.168.1.256",
  "a b",
  "-x",
  "fe80::1%eth0",
  "a..b",
])("%j is not a host", (text) => {
  expect(readHost(text)).toBeUndefined();
});

test("a host is unchanged in a URL, an IPv6 address is in brackets", () => {
  expect(urlHost("fd00::2")).toBe("[fd00::2]");
  expect(urlHost("laptop.local")).toBe("laptop.local");
});

test.each([
  ["0.0.0.0", "localhost", ["0.0.0.0", "::1"]],
  ["127.0.0.1", "localhost", ["127.0.0.1", "::1"]],
  ["::", "localhost", ["::"]],
  ["::1", "localhost", ["::1"]],
  ["192.168.1.5", "192.168.1.5", ["192.168.1.5"]],
])("a server on %s is called %s by this machine, and looked for on %j", (host, name, addresses) => {
  expect(localName(host)).toBe(name);
  expect(addressesOfHost(host)).toEqual(addresses);
});

test("what others know as a name or an IPv4 address listens on all of those, else on loopback", () => {
  expect(addressToListenOn(undefined)).toBe("127.0.0.1");
  expect(addressToListenOn("laptop.local")).toBe("0.0.0.0");
  expect(addressToListenOn("fd00::2")).toBe("::");
});
