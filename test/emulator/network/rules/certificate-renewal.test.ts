import { expect, test } from "vitest";
import { isRenewed } from "../../../../src/emulator/network/rules/certificate-renewal.ts";

const DAYS_30 = 30 * 24 * 60 * 60 * 1000;

test.each([
  ["in more than 30 days is kept", DAYS_30 + 1, false],
  ["in 30 days is replaced", DAYS_30, true],
  ["before now is replaced", -1, true],
])("a certificate that ends %s", (_, left, renewed) => {
  expect(isRenewed(1_000_000 + left, 1_000_000)).toBe(renewed);
});
