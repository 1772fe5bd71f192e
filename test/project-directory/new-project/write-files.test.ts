import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeFiles } from "../../../src/project-directory/new-project/write-files.ts";
import { temporaryDirectory } from "../../temporary-directory.ts";

test("writes all files with their directories, and nothing else", async () => {
  const root = temporaryDirectory();

  await writeFiles(join(root, "new"), [
    ["a.txt", "a"],
    ["deep/er/b.txt", "b"],
  ]);

  const names = await readdir(root, { recursive: true });
  expect(names.toSorted()).toEqual([
    "new",
    "new/a.txt",
    "new/deep",
    "new/deep/er",
    "new/deep/er/b.txt",
  ]);
  expect(await readFile(join(root, "new/deep/er/b.txt"), "utf8")).toBe("b");
});

test("if one file cannot be written none is, and no directory is left", async () => {
  const root = temporaryDirectory();
  await writeFile(join(root, "a.txt"), "mine");
  await symlink("nowhere", join(root, "src"));

  const writing = writeFiles(root, [
    ["a.txt", "a"],
    ["deep/er/b.txt", "b"],
    ["src/c.txt", "c"],
  ]);

  await expect(writing).rejects.toThrow(/src/);
  expect((await readdir(root)).toSorted()).toEqual(["a.txt", "src"]);
  expect(await readFile(join(root, "a.txt"), "utf8")).toBe("mine");
});

test("a link is replaced by the file; what it led to keeps its text", async () => {
  const root = temporaryDirectory();
  await mkdir(join(root, "project"));
  await writeFile(join(root, "elsewhere.txt"), "mine");
  await symlink("../elsewhere.txt", join(root, "project", "there.txt"));
  await symlink("nowhere", join(root, "project", "dangling.txt"));

  await writeFiles(join(root, "project"), [
    ["dangling.txt", "new"],
    ["there.txt", "new"],
  ]);

  expect(await readFile(join(root, "project/there.txt"), "utf8")).toBe("new");
  expect(await readFile(join(root, "project/dangling.txt"), "utf8")).toBe("new");
  expect(await readFile(join(root, "elsewhere.txt"), "utf8")).toBe("mine");
  expect((await readdir(root)).toSorted()).toEqual(["elsewhere.txt", "project"]);
});
