import { expect, test } from "vitest";
import type { PackageFile } from "../../../src/deploy/package/files.ts";
import { createZipper } from "../../../src/deploy/package/zip.ts";

const file = (path: string): PackageFile => ({
  path,
  size: path.length,
  executable: false,
  read: () => Buffer.from(path),
});

test("the same files are the same bytes, in whatever order they are found", async () => {
  const files = [file("B.js"), file("a.js"), file("a/b.js")];

  const zip = await createZipper()(files);

  expect(await createZipper()(files.toReversed())).toEqual(zip);
});
