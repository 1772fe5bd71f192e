import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { expect, onTestFinished, test } from "vitest";
import { project } from "../../readers/projects.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const COUNT = 200;
const MOST_BYTES_EACH = 8 * 1024;

const ECHO = `
exports.handler = async (event) => ({ statusCode: 200, body: event.body });
`;

test("200 gateways leave no handle, no listener and no memory behind", async () => {
  const harness = await buildHarness();
  const { root: directory } = project({ "app.js": ECHO, "package.json": "{}" });
  const script = fileURLToPath(new URL("many-gateways.mjs", import.meta.url));

  const { stdout } = await promisify(execFile)(process.execPath, [
    "--expose-gc",
    script,
    harness,
    directory,
    String(COUNT),
  ]);

  const { before, after } = JSON.parse(stdout);
  expect(after.handles).toEqual(before.handles);
  expect(after.listeners).toEqual(before.listeners);
  expect((after.heap - before.heap) / COUNT).toBeLessThan(MOST_BYTES_EACH);
}, 120_000);

/** The harness as it is now, in dist/ because the package's own imports are resolved from there. */
async function buildHarness(): Promise<string> {
  await mkdir(join(root, "dist"), { recursive: true });
  const directory = await mkdtemp(join(root, "dist", "test-harness-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  await build({
    absWorkingDir: root,
    entryPoints: ["src/testing/index.ts"],
    outfile: join(directory, "testing.js"),
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    packages: "external",
    logLevel: "error",
  });
  return join(directory, "testing.js");
}
