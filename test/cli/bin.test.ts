import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Script } from "node:vm";
import { transformSync } from "esbuild";
import { expect, onTestFinished, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { buildBin } from "../../scripts/build-bin.mjs";

/** The file that the command starts with, beside something to load; run as if Node had another version. */
function bin() {
  const folder = mkdtempSync(join(tmpdir(), "wsgw-bin-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  writeFileSync(join(folder, "wsgw.js"), 'console.log("loaded");\n');
  const file = buildBin(folder);
  const runOn = (version: string) => {
    const preload = join(folder, "preload.cjs");
    writeFileSync(
      preload,
      `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } });\n`,
    );
    const { status, stdout, stderr } = spawnSync(process.execPath, ["-r", preload, file], {
      encoding: "utf8",
    });
    return { status, stdout, stderr };
  };
  return { file, runOn };
}

test.each(["12.22.12", "18.20.8", "20.9.0", "20.18.3"])(
  "on Node %s one line says that it is too old, and nothing else is loaded",
  (version) => {
    expect(bin().runOn(version)).toEqual({
      status: 1,
      stdout: "",
      stderr: `✗ Node ${version} is too old; wsgw needs ${manifest.engines.node}: install a newer one from https://nodejs.org.\n`,
    });
  },
);

test.each(["20.19.0", "20.20.2", "22.0.0", "100.1.0"])("on Node %s it is loaded", (version) => {
  expect(bin().runOn(version)).toEqual({ status: 0, stdout: "loaded\n", stderr: "" });
});

test("every Node can read what says so, as a script and as a module", () => {
  const text = readFileSync(bin().file, "utf8");

  expect(() => new Script(text)).not.toThrow();
  // A target that is too old for something in it fails, or has it written otherwise.
  const { code } = transformSync(text, { target: "node13.2", format: "esm", charset: "utf8" });
  expect(code).not.toMatch(/^import\b/m);
  expect(code).toContain('import("./wsgw.js")');
});
