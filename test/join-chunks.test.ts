import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { type BuildOptions, build } from "esbuild";
import { expect, test } from "vitest";
import { joinChunks } from "../scripts/join-chunks.mjs";
import { temporaryDirectory } from "./temporary-directory.ts";

/** Modules that the entries share in several ways, with a name that all export; import() loads `late`. */
const FILES = {
  "both.ts": `export const name = "both"; export const seen: string[] = [];`,
  "other.ts": `export const name = "other";`,
  "large.ts": `import { seen } from "./both.ts"; seen.push("large"); export const name = "large";`,
  "small.ts": `import { name as other } from "./both.ts"; export const name = "small, " + other;`,
  "late.ts": `import { name, seen } from "./both.ts"; import { name as large } from "./large.ts"; export const late = [name, large, ...seen].join();`,
  "one.ts": `export { name } from "./small.ts"; export { name as other } from "./other.ts"; import { name as own } from "./large.ts"; export const all = async () => own + " " + (await import("./late.ts")).late;`,
  "two.ts": `import { name, seen } from "./both.ts"; import { name as other } from "./other.ts"; export const two = name + other; export const all = seen;`,
};

test("joined chunks export what they did, and every module still runs once", async () => {
  const outdir = await buildJoined(FILES, ["one.ts", "two.ts"]);

  const one = await import(pathToFileURL(join(outdir, "one.js")).href);
  const two = await import(pathToFileURL(join(outdir, "two.js")).href);
  expect(one.name).toBe("small, both");
  expect(await one.all()).toBe("large both,large,large");
  expect(one.other).toBe("other");
  expect(two).toMatchObject({ two: "bothother", all: ["large"] });
  expect(
    readdirSync(join(outdir, "chunks")).map((name) => name.replace(/late-.+/, "late")),
  ).toEqual(["late", "with-one-two.js", "with-one.js"]);
  expect(readFileSync(join(outdir, "two.js"), "utf8")).not.toContain("with-one.js");
});

test("only one chunk of a build creates a require", async () => {
  const files = {
    ...FILES,
    "script.cjs": `module.exports = require("node:path").sep;`,
    "three.ts": `export { default as sep } from "./script.cjs"; export { all } from "./one.ts"; export { two } from "./two.ts";`,
  };
  const create = "const require = createRequire(import.meta.url)";
  const banner = { js: `import { createRequire } from "node:module"; ${create};` };
  const outdir = await buildJoined(files, ["one.ts", "two.ts", "three.ts"], { banner });

  expect((await import(pathToFileURL(join(outdir, "three.js")).href)).sep).toBe(sep);
  const text = readdirSync(outdir, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".js"))
    .map((name) => readFileSync(join(outdir, name), "utf8"))
    .join("\n");
  expect(text.match(/createRequire\w*\(/g)).toHaveLength(1);
});

/** Builds `entries` of `files` with joined chunks. Returns the directory of the output. */
async function buildJoined(
  files: Readonly<Record<string, string>>,
  entries: readonly string[],
  more: BuildOptions = {},
): Promise<string> {
  const directory = temporaryDirectory();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  const outdir = join(directory, "out");
  const options = {
    absWorkingDir: directory,
    bundle: true,
    format: "esm",
    platform: "node",
    splitting: true,
    metafile: true,
    chunkNames: "chunks/[name]-[hash]",
    outExtension: { ".js": ".js" },
    ...more,
  } as const;
  const { metafile } = await build({ ...options, entryPoints: [...entries], outdir });
  writeFileSync(join(outdir, "package.json"), '{"type":"module"}');
  const outputs = entries.map((entry) => join(outdir, entry.replace(/ts$/, "js")));
  await joinChunks(metafile, outputs, options);
  return outdir;
}
