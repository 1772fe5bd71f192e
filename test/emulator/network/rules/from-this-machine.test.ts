import { expect, test } from "vitest";
import {
  isFromHere,
  isOnlyForThisMachine,
} from "../../../../src/emulator/network/rules/from-this-machine.ts";

test.each([
  ["127.0.0.1", "192.168.1.5", true],
  ["::1", "fd00::2", true],
  ["x127.0.0.1", "192.168.1.5", false],
  ["1.127.0.1", undefined, false],
  ["::ffff:127.0.0.1", "::", true],
  ["192.168.1.5", "192.168.1.5", true],
  ["192.168.1.7", "192.168.1.5", false],
  ["::ffff:192.168.1.7", "::ffff:192.168.1.5", false],
  [undefined, undefined, false],
])("a connection from %s to %s: of this machine is %s", (remote, local, here) => {
  expect(isFromHere({ remoteAddress: remote, localAddress: local }, {})).toBe(here);
});

test.each(["forwarded", "via", "x-forwarded-for", "x-forwarded-host"])(
  "a request with the header %s comes through a proxy, and from anywhere",
  (name) => {
    const socket = { remoteAddress: "127.0.0.1", localAddress: "127.0.0.1" };

    expect(isFromHere(socket, { host: "localhost", [name]: "x" })).toBe(false);
  },
);

test.each([
  [{ kind: "dynamodb" }, true],
  [{ kind: "lambda" }, true],
  [{ kind: "service", service: "sqs" }, true],
  [{ kind: "execute-api", apiId: "abc" }, false],
  [{ kind: "custom-domain", name: "chat.example" }, false],
  [{ kind: "elsewhere" }, false],
] as const)("%o is only for this machine: %s", (place, isOnly) => {
  expect(isOnlyForThisMachine(place)).toBe(isOnly);
});
