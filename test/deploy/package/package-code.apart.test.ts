import { chmodSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { makeProject } from "../../bundle/project.ts";
import { packagedOne } from "../packaging.ts";

const NOTHING = "export const handler = async () => ({ statusCode: 200 });\n";

test("the same code gives the same bytes in another directory and time zone, with any times and modes", async () => {
  const files = {
    "src/app.ts": `import { words } from "./words";\n${NOTHING}export const all = words;\n`,
    "src/words.ts": "export const words = [1, 2, 3];\n",
    "data/a.json": "{}",
    "data/b.json": "{}",
  };
  const fn = { handler: "src/app.handler", include: ["data"] };
  const { root } = makeProject(files);
  const first = await packagedOne(root, fn);

  const { root: elsewhere } = makeProject(Object.fromEntries(Object.entries(files).reverse()));
  utimesSync(join(elsewhere, "data/a.json"), 1_000_000_000, 1_000_000_000);
  chmodSync(join(elsewhere, "data/b.json"), 0o600);
  onTestFinished(() => void vi.unstubAllEnvs());
  vi.stubEnv("TZ", "Pacific/Auckland");
  const second = await packagedOne(elsewhere, fn);
  vi.stubEnv("TZ", "America/Los_Angeles");
  const third = await packagedOne(elsewhere, fn);

  expect(second.sha256).toBe(first.sha256);
  expect(third.sha256).toBe(first.sha256);
  expect(second.key).toBe(`chat/${first.sha256}.zip`);
});

test("reports an unwritable temporary directory with what to free or change", async () => {
  const { root, write } = makeProject({ "app.mjs": NOTHING });
  const place = write("full", "no folder");
  vi.stubEnv("TMPDIR", place);
  onTestFinished(() => void vi.unstubAllEnvs());

  await expect(packagedOne(root, { handler: "app.handler" })).rejects.toMatchObject({
    code: "TEMP_FOLDER_UNUSABLE",
    message: `${place} cannot be written: a file is where a directory is needed (ENOTDIR).`,
    hint: "Free some space there, or set another directory with TMPDIR.",
  });
});
