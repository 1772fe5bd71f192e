import { mkdir, symlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { makeStateDirectory, stateInCache } from "../../src/project-directory/state-directory.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

afterEach(() => vi.unstubAllEnvs());

test("keeps the state of a project in the user's cache directory, by its directory's name and path", () => {
  const cache = temporaryDirectory();
  vi.stubEnv("XDG_CACHE_HOME", cache);
  const project = join(temporaryDirectory(), "chat");

  const directory = stateInCache(project);

  expect(join(directory, "..")).toBe(join(cache, "wsgw"));
  expect(basename(directory)).toMatch(/^chat-[0-9a-f]{12}$/);
  expect(stateInCache(project)).toBe(directory);
  expect(stateInCache(join(temporaryDirectory(), "chat"))).not.toBe(directory);
});

test("knows a project again by a link that leads to it", async () => {
  vi.stubEnv("XDG_CACHE_HOME", temporaryDirectory());
  const directory = temporaryDirectory();
  await mkdir(join(directory, "chat"));
  await symlink(join(directory, "chat"), join(directory, "link"), "junction");

  expect(stateInCache(join(directory, "link"))).toBe(stateInCache(join(directory, "chat")));
});

test("reports a state directory that cannot be created as an error that the user can fix", () => {
  const file = import.meta.filename;

  expect(() => makeStateDirectory(join(file, "below"))).toThrow(
    expect.objectContaining({ code: "PROJECT_UNWRITABLE" }),
  );
});
