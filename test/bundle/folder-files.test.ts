import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";
import { filesBelow } from "../../src/bundle/folder-files.ts";
import { temporaryFolder } from "../temporary-folder.ts";

test("what is printed, compiled, installed or hidden is no code that is followed", () => {
  const folder = temporaryFolder();
  const files = ["app.py", "data/words.txt", "dev.log", "data/app.pyc", ".env", "venv/pip.py"];
  for (const file of files) {
    mkdirSync(join(folder, file, ".."), { recursive: true });
    writeFileSync(join(folder, file), "");
  }

  expect(filesBelow(folder).map((file) => relative(folder, file))).toEqual([
    "app.py",
    join("data", "words.txt"),
  ]);
});
