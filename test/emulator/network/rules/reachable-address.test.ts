import { expect, test } from "vitest";
import {
  type OwnAddress,
  pickAddress,
} from "../../../../src/emulator/network/rules/reachable-address.ts";

const address = (name: string, text: string, internal = false): OwnAddress => ({
  name,
  address: text,
  family: text.includes(":") ? "IPv6" : "IPv4",
  internal,
});

test("the first IPv4 address that others can reach is picked, virtual networks last", () => {
  const loopback = address("lo", "127.0.0.1", true);
  const docker = address("docker0", "172.17.0.1");
  const six = address("eth0", "fd00::2");
  const lan = address("eth0", "192.168.1.5");

  expect(pickAddress([loopback, docker, six, lan, address("wlan0", "10.0.0.9")])).toBe(
    "192.168.1.5",
  );
  expect(pickAddress([loopback, six, docker])).toBe("172.17.0.1");
  expect(pickAddress([loopback, six])).toBeUndefined();
});
