import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { installedBy } from "../../../src/project-directory/new-project/installed-by.ts";
import { temporaryDirectory } from "../../temporary-directory.ts";

/** A directory with wsgw in its node_modules, as npm has installed it from `resolved`. */
async function installed(resolved: string) {
  const directory = temporaryDirectory();
  const own = join(directory, "app/node_modules/wsgw");
  await mkdir(own, { recursive: true });
  const packages = { "node_modules/wsgw": { version: "0.1.0", resolved } };
  await writeFile(join(own, "../.package-lock.json"), JSON.stringify({ packages }));
  return { directory, own };
}

test("a project from a clone names the clone", async () => {
  const directory = temporaryDirectory();

  expect(await installedBy(join(directory, "chat"), join(directory, "wsgw"))).toBe("file:../wsgw");
});

test("a project from a tarball names the tarball", async () => {
  const { directory, own } = await installed("file:../wsgw/wsgw-0.1.0.tgz");
  await mkdir(join(directory, "wsgw"));
  await writeFile(join(directory, "wsgw/wsgw-0.1.0.tgz"), "");

  expect(await installedBy(join(directory, "apps/chat"), own)).toBe(
    "file:../../wsgw/wsgw-0.1.0.tgz",
  );
});

test("a project names the version when the tarball is gone, or wsgw came from a registry", async () => {
  const gone = await installed("file:../wsgw/wsgw-0.1.0.tgz");
  const registry = await installed("https://registry.example/wsgw/-/wsgw-0.1.0.tgz");

  expect(await installedBy(gone.directory, gone.own)).toBeUndefined();
  expect(await installedBy(registry.directory, registry.own)).toBeUndefined();
});

test("a project names the version when another package manager than npm installed wsgw", async () => {
  const directory = temporaryDirectory();

  expect(await installedBy(directory, join(directory, "node_modules/wsgw"))).toBeUndefined();
});
