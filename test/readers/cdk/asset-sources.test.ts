import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import { type BuildOptions, build } from "esbuild";
import { expect, test } from "vitest";
import { AssetSources } from "../../../src/readers/cdk/asset-sources.ts";
import { project } from "../projects.ts";

const HANDLER =
  'import { word } from "./shared/word";\nexport const handler = async () => ({ statusCode: 200, body: word });\n';

/** A project with an asset that esbuild has bundled as `NodejsFunction` does, in the directory of the project. */
async function bundled(entry: string, options: BuildOptions = {}, files = {}) {
  const made = project({
    [entry]: HANDLER,
    [join(entry, "../shared/word.ts")]:
      "export const word = process.env.WORD;\nexport const handlers = 1;\n",
    ...files,
  });
  const asset = made.path("cdk.out/asset.1");
  const { metafile } = await build({
    absWorkingDir: made.root,
    entryPoints: [made.path(entry)],
    outfile: join(asset, options.format === "esm" ? "index.mjs" : "index.js"),
    bundle: true,
    platform: "node",
    format: "cjs",
    logLevel: "silent",
    ...options,
  });
  if (metafile) made.write("cdk.out/asset.1/index.meta.json", JSON.stringify(metafile));
  return { ...made, asset, sources: new AssetSources(made.root, made.path("cdk.out")) };
}

test.each([
  ["esbuild's comments", {}],
  ["a source map", { minify: true, sourcemap: true }],
  ["a source map in the bundle", { minify: true, sourcemap: "inline" }],
  ["a metafile", { minify: true, metafile: true }],
] as const)("finds the entry of a bundle by %s", async (_, options) => {
  for (const format of ["cjs", "esm"] as const) {
    const { asset, sources, root, path } = await bundled("src/join.ts", { ...options, format });

    expect(sources.find(asset, "index.handler")).toEqual({
      directory: root,
      handler: "src/join.handler",
      format,
    });
    expect(sources.has(path("src/shared/word.ts"))).toBe(true);
    expect(sources.has(path("lib/stack.ts"))).toBe(false);
  }
});

test("finds nothing in a bundle that is minified without a map", async () => {
  const { asset, sources } = await bundled("src/join.ts", { minify: true });

  expect(sources.find(asset, "index.handler")).toBeUndefined();
});

test("leaves a bundle to its asset where a loader or a package is missing", async () => {
  const withPage = await bundled(
    "src/join.ts",
    { loader: { ".html": "text" }, sourcemap: true },
    {
      "src/shared/word.ts": 'import word from "./page.html";\nexport { word };',
      "src/shared/page.html": "hi",
    },
  );
  const withPackage = await bundled(
    "src/join.ts",
    { sourcemap: true },
    {
      "src/shared/word.ts": 'export { word } from "words";',
      "node_modules/words/index.js": 'exports.word = "hi";',
    },
  );
  expect(withPackage.sources.find(withPackage.asset, "index.handler")).toBeDefined();
  const elsewhere = project({});
  cpSync(withPackage.path("src"), elsewhere.path("src"), { recursive: true });
  cpSync(withPackage.path("cdk.out"), elsewhere.path("cdk.out"), { recursive: true });
  const moved = new AssetSources(elsewhere.root, elsewhere.path("cdk.out"));

  expect(withPage.sources.find(withPage.asset, "index.handler")).toBeUndefined();
  expect(existsSync(elsewhere.path("cdk.out/asset.1/index.js"))).toBe(true);
  expect(moved.find(elsewhere.path("cdk.out/asset.1"), "index.handler")).toBeUndefined();
});

test("names the entry of a bundle where a handler cannot, since its name has more dots", async () => {
  const { asset, sources, root } = await bundled("src/join.lambda.ts");

  expect(sources.find(asset, "index.handler")).toEqual({
    directory: root,
    handler: "index.handler",
    format: "cjs",
    entry: "src/join.lambda.ts",
  });
});

test("finds the original directory of an asset, and none if two are the same", () => {
  const files = { "index.js": "exports.handler = 1;", "words.js": "1" };
  const { root, path, write } = project({});
  for (const directory of ["cdk.out/asset.1", "functions/join", "functions/other"]) {
    for (const [name, text] of Object.entries(files)) write(join(directory, name), text);
  }
  write("functions/other/index.js", "exports.handler = 2;");
  const find = () =>
    new AssetSources(root, path("cdk.out")).find(path("cdk.out/asset.1"), "index.handler");

  expect(find()).toEqual({ directory: path("functions/join"), handler: "index.handler" });
  write("functions/other/index.js", files["index.js"]);
  expect(find()).toBeUndefined();
});
