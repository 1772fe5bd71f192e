import { expect, test } from "vitest";
import { byWsgw, RECORDED } from "./velocity-templates.ts";

test("each recorded template gives what Velocity gave for it", () => {
  expect(RECORDED.map(([template]) => [template, byWsgw(template)])).toEqual(RECORDED);
  expect(RECORDED.length).toBeGreaterThan(1000);
});
