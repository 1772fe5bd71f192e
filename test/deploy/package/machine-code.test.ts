import { expect, test } from "vitest";
import { machineOf } from "../../../src/deploy/package/machine-code.ts";

const elf = (machine: number) =>
  Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, ...Array(11).fill(0), machine, 0, 1, 0]);

test.each([
  ["linux-x64", elf(0x3e)],
  ["linux-arm64", elf(0xb7)],
  ["linux-other", elf(0x28)],
  ["macos", Uint8Array.from([0xcf, 0xfa, 0xed, 0xfe, ...Array(20).fill(0)])],
  ["windows", Uint8Array.from([0x4d, 0x5a, ...Array(20).fill(0)])],
  [undefined, new TextEncoder().encode("#!/bin/sh\nexec chat --all\n")],
  [undefined, new Uint8Array()],
])("tells code for %s by its first bytes", (machine, bytes) => {
  expect(machineOf(bytes)).toBe(machine);
});
