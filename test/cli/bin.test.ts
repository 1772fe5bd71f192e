import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Script } from "node:vm";
import { transformSync } from "esbuild";
import { expect, onTestFinished, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { buildBin, guardEntries } from "../../scripts/build-bin.mjs";

/** The file that the command starts with, beside something to load; run as if Node had another version. */
function bin() {
  const directory = mkdtempSync(join(tmpdir(), "wsgw-bin-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  writeFileSync(join(directory, "package.json"), '{"type":"module"}');
  writeFileSync(join(directory, "wsgw.js"), 'console.log("loaded");\n');
  const file = buildBin(directory);
  const runOn = (version: string, entry = file) => {
    const preload = join(directory, "preload.cjs");
    writeFileSync(
      preload,
      `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } });\n`,
    );
    const { status, stdout, stderr } = spawnSync(process.execPath, ["-r", preload, entry], {
      encoding: "utf8",
    });
    return { status, stdout, stderr };
  };
  return { directory, file, runOn };
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

test.each(["20.19.0", "20.20.2", "22.0.0", "100.1.0"])(
  "on Node %s it is loaded",
  { tags: ["journey"] },
  (version) => {
    expect(bin().runOn(version)).toEqual({ status: 0, stdout: "loaded\n", stderr: "" });
  },
);

test("every Node can read what says so, as a script and as a module", () => {
  const text = readFileSync(bin().file, "utf8");

  expect(() => new Script(text)).not.toThrow();
  // A target that is too old for something in it fails, or has it written otherwise.
  const { code } = transformSync(text, { target: "node13.2", format: "esm", charset: "utf8" });
  expect(code).not.toMatch(/^import\b/m);
  expect(code).toContain('import("./wsgw.js")');
});

test.each(["testing.js", "testing.cjs"])(
  "on an old Node the library throws one sentence before it loads anything else (%s)",
  { tags: ["journey"] },
  (name) => {
    const { directory, runOn } = bin();
    const entry = join(directory, name);
    writeFileSync(join(directory, "whole.js"), 'console.log("loaded");\n');
    writeFileSync(
      entry,
      name.endsWith(".cjs") ? 'console.log("loaded");\n' : 'import "./whole.js";\n',
    );
    guardEntries(directory, name.endsWith(".cjs") ? { scripts: [name] } : { modules: [name] });

    const old = runOn("20.9.0", entry);

    expect([old.status, old.stdout]).toEqual([1, ""]);
    expect(old.stderr).toContain(
      `\nError: Node 20.9.0 is too old; wsgw needs ${manifest.engines.node}: install a newer one from https://nodejs.org.\n`,
    );
    expect(runOn("20.19.0", entry)).toEqual({ status: 0, stdout: "loaded\n", stderr: "" });
  },
);

/** Exports of Node's modules that Node 18 lacks. */
const NEWER =
  /\{[^}]*\b(?:hash|openAsBlob|matchesGlob|availableMemory|getBuiltinModule|loadEnvFile|duplexPair|styleText|parseEnv|crc32|postMessageToThread)\b[^}]*\} from "node:|\{[^}]*\bconstants\b[^}]*\} from "node:vm"/;

test("no module imports by name what an old Node lacks, which would fail before that sentence", () => {
  const src = join(import.meta.dirname, "../../src");
  const names = readdirSync(src, { recursive: true, encoding: "utf8" });
  const imports = names
    .filter((name) => name.endsWith(".ts"))
    .flatMap((name) => readFileSync(join(src, name), "utf8").match(/^import [^;]+;/gm) ?? []);

  expect(imports.length).toBeGreaterThan(1_000);
  expect(imports.filter((each) => NEWER.test(each))).toEqual([]);
});
