import { mkdirSync } from "node:fs";
import { expect, onTestFinished, test, vi } from "vitest";
import { loadConfig } from "../../../src/readers/config/config-file.ts";
import { project } from "../projects.ts";

test("does not search above the home directory", async () => {
  const { path } = project({ "wsgw.config.json": "{}" });
  mkdirSync(path("home/me/app"), { recursive: true });
  vi.stubEnv("HOME", path("home/me"));
  onTestFinished(() => void vi.unstubAllEnvs());

  await expect(loadConfig({ cwd: path("home/me/app") })).rejects.toMatchObject({
    code: "CONFIG_NOT_FOUND",
    message: expect.stringContaining(path("home/me/app")),
  });
});
