import { lstatSync, mkdtempSync, readFileSync, symlinkSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { notedAt, notePort } from "../../src/project-folder/port-holders.ts";
import { temporaryFolder } from "../temporary-folder.ts";

/** Has the place for temporary files be a folder of this test's own. */
function temporary(): string {
  const folder = temporaryFolder();
  vi.stubEnv("TMPDIR", folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  return folder;
}

test("a note names the project until it is taken away", async () => {
  temporary();

  const unnote = await notePort(3001, "/projects/chat");
  expect(await notedAt(3001)).toBe("/projects/chat");
  await unnote();

  expect(await notedAt(3001)).toBeUndefined();
});

test.skipIf(process.platform === "win32")(
  "a folder that leads elsewhere is neither written nor believed",
  async () => {
    const folder = temporary();
    const elsewhere = mkdtempSync(join(folder, "elsewhere-"));
    symlinkSync(elsewhere, join(folder, `wsgw-ports-${userInfo().username}`));

    await notePort(3001, "/projects/chat");

    expect(() => lstatSync(join(elsewhere, "3001"))).toThrow("ENOENT");
    expect(await notedAt(3001)).toBeUndefined();
  },
);

test("notes are this user's only", async () => {
  const folder = temporary();

  await notePort(3001, "/projects/chat");

  const notes = join(folder, `wsgw-ports-${userInfo().username}`);
  expect(readFileSync(join(notes, "3001"), "utf8")).toBe("/projects/chat");
  if (process.platform !== "win32") expect(lstatSync(notes).mode & 0o777).toBe(0o700);
});
