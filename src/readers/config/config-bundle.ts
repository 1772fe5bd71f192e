import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { BuildFailure, BuildOptions, BuildResult, Plugin } from "esbuild";
import { loadEsbuild } from "../../bundle/esbuild.ts";
import { noteReads } from "../../bundle/failure-inputs.ts";
import { link, linkPackages } from "../../bundle/link-packages.ts";
import { isOwnFile } from "../../bundle/own-code.ts";
import { type Links, packagesOutside } from "../../bundle/packages.ts";
import { PLACES, placeHere, tellPlaces } from "../../bundle/places.ts";
import { changeSources } from "../../bundle/source-changes.ts";
import { FILE_LOADERS } from "../../bundle/text-imports.ts";
import { whyNotWritten } from "../../errors/in-words.ts";
import { WsgwError } from "../../errors.ts";
import { type Bundled, buildFailed } from "./config-faults.ts";
import { DEFINE_API, ownDefineApi } from "./own-define-api.ts";

/** A config file and its local modules as one module on disk, to be deleted after loading. */
export type ConfigBundle = Bundled & {
  remove(): void;
};

/**
 * Bundles a config file with the author's own code into `directory`. Packages stay external, so the bundle is
 * placed where they can be resolved, or gets a link to them.
 */
export async function bundleConfig(file: string, directory: string): Promise<ConfigBundle> {
  // Other threads, and test runners that load wsgw twice, have the same process id.
  const outfile = join(directory, `config-${process.pid}-${randomBytes(6).toString("hex")}.mjs`);
  const links: Links = new Map();
  linkPackages(dirname(file), directory);
  const { metafile, outputFiles = [] } = await build(file, outfile, links);

  const map = outputFiles.find(({ path }) => path.endsWith(".map"))?.text ?? "";
  const code = outputFiles.find(({ path }) => path === outfile)?.text ?? "";
  write(directory, outfile, code, links);
  const own = resolve(file);
  const others = Object.keys(metafile?.inputs ?? {})
    .filter((input) => !input.startsWith(`${DEFINE_API}:`))
    .map((input) => resolve(dirname(file), input))
    .filter((input) => input !== own && isOwnFile(input));
  return {
    url: pathToFileURL(outfile).href,
    map,
    directory,
    inputs: [own, ...others],
    remove: () => rmSync(outfile, { force: true }),
  };
}

/** Rejects with CONFIG_UNREADABLE for esbuild's errors. */
async function build(file: string, outfile: string, links: Links): Promise<BuildResult> {
  const esbuild = loadEsbuild();
  const directory = dirname(file);
  const reads = new Set([file]);
  const options: BuildOptions = {
    absWorkingDir: directory,
    entryPoints: [file],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: `node${process.versions.node}`,
    sourcemap: "external",
    metafile: true,
    write: false,
    logLevel: "silent",
    loader: FILE_LOADERS,
    define: PLACES,
  };
  const others = [
    wsgwOutside,
    packagesOutside({ outdir: dirname(outfile), format: "module", links, providesSdk: false }),
    changeSources([tellPlaces(placeHere)], {}),
  ];
  const withPlugins = (...plugins: Plugin[]) =>
    esbuild.build({ ...options, plugins }).catch((cause: unknown) => {
      throw isBuildFailure(cause) ? buildFailed(directory, cause, reads) : cause;
    });

  try {
    return await withPlugins(noteReads(reads), ownDefineApi, ...others);
  } catch (error) {
    if (!String(error).includes(`"${DEFINE_API}:`)) throw error;
    // It imports more of wsgw, which must then be installed in the project.
    return withPlugins(noteReads(reads), ...others);
  }
}

/** The position of a syntax error in JSON, which errors of `JSON.parse` often lack. */
export async function jsonFailed(file: string, text: string, cause: unknown): Promise<WsgwError> {
  const { transform } = loadEsbuild();
  const found = await transform(text, {
    loader: "json",
    sourcefile: file,
    logLevel: "silent",
  }).catch((error: unknown) => error);
  if (isBuildFailure(found)) return buildFailed(dirname(file), found, [file]);
  return new WsgwError("CONFIG_UNREADABLE", `${file}: ${String(cause)}`, { cause });
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return (
    typeof error === "object" && error !== null && "errors" in error && Array.isArray(error.errors)
  );
}

/** wsgw is also a package if the project links to a checkout of it. */
const wsgwOutside: Plugin = {
  name: "wsgw-outside",
  setup(build) {
    build.onResolve({ filter: /^wsgw(?:\/|$)/ }, ({ path }) => ({ path, external: true }));
  },
};

const REQUIRE = `import { createRequire as __wsgwRequire } from "node:module"; const require = __wsgwRequire(import.meta.url); `;

function write(directory: string, outfile: string, code: string, links: Links): void {
  // esbuild's replacement for require needs a real one, which ES modules lack
  const whole = /\b__require\b/.test(code) ? REQUIRE + code : code;
  try {
    mkdirSync(directory, { recursive: true });
    const ignore = join(directory, ".gitignore");
    if (!existsSync(ignore)) writeFileSync(ignore, "*\n");
    writeFileSync(outfile, whole);
    for (const [path, target] of links) link(target, path);
  } catch (cause) {
    throw new WsgwError(
      "CONFIG_UNREADABLE",
      `wsgw cannot write the built config to ${directory}: ${whyNotWritten(cause, directory)}.`,
      { cause },
    );
  }
}
