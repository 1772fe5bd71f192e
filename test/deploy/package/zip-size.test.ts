import { expect, test } from "vitest";
import { tooLarge, tooLargeTogether } from "../../../src/deploy/package/zip-size.ts";

const MB = 1024 * 1024;
const file = (path: string, size: number) => ({
  path,
  size,
  executable: false,
  read: () => new Uint8Array(),
});

test("250 MB unzipped and 50 MB zipped are not too much", () => {
  expect(tooLarge(250 * MB, "unzipped", [file("a", 200 * MB), file("b", 50 * MB)])).toBeUndefined();
  expect(tooLarge(50 * MB, "zipped", [])).toBeUndefined();
});

test("rejects larger code, with the largest files", () => {
  const files = [file("a", 1), file("model.bin", 200 * MB), file("b", 2 * MB), file("c", 50 * MB)];

  expect(tooLarge(252 * MB + 1, "unzipped", files)).toBe(
    "is 252.0 MB unzipped. Lambda's limit is 250.0 MB. Largest: model.bin (200.0 MB), c (50.0 MB), b (2.0 MB).",
  );
  expect(tooLarge(50 * MB + 1, "zipped", files.slice(0, 1))).toBe(
    "is 50.0 MB zipped. Lambda's limit is 50.0 MB. Largest: a (0.0 MB).",
  );
});

test("a function and its layers count together, up to 250 MB", () => {
  const layers = [
    { name: "one", unzippedBytes: 130 * MB },
    { name: "two", unzippedBytes: 119 * MB },
  ];

  expect(tooLargeTogether([file("a", MB)], layers)).toBeUndefined();
  expect(tooLargeTogether([file("a", MB), file("b", 1)], layers)).toBe(
    "is 250.0 MB unzipped with its layers. Lambda's limit is 250.0 MB. Largest: one (130.0 MB), two (119.0 MB), its own code (1.0 MB).",
  );
});
