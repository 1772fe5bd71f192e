import { mkdir, symlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { makeStateDirectory, stateInCache } from "../../src/project-directory/state-directory.ts";
import { temporaryFolder } from "../temporary-folder.ts";

afterEach(() => vi.unstubAllEnvs());

test("keeps the state of a project in the user's cache directory, by its directory's name and path", () => {
  const cache = temporaryFolder();
  vi.stubEnv("XDG_CACHE_HOME", cache);
  const project = join(temporaryFolder(), "chat");

  const folder = stateInCache(project);

  expect(join(folder, "..")).toBe(join(cache, "wsgw"));
  expect(basename(folder)).toMatch(/^chat-[0-9a-f]{12}$/);
  expect(stateInCache(project)).toBe(folder);
  expect(stateInCache(join(temporaryFolder(), "chat"))).not.toBe(folder);
});

test("knows a project again by a link that leads to it", async () => {
  vi.stubEnv("XDG_CACHE_HOME", temporaryFolder());
  const folder = temporaryFolder();
  await mkdir(join(folder, "chat"));
  await symlink(join(folder, "chat"), join(folder, "link"), "junction");

  expect(stateInCache(join(folder, "link"))).toBe(stateInCache(join(folder, "chat")));
});

test("reports a state directory that cannot be created as an error that the user can fix", () => {
  const file = import.meta.filename;

  expect(() => makeStateDirectory(join(file, "below"))).toThrow(
    expect.objectContaining({ code: "PROJECT_UNWRITABLE" }),
  );
});
