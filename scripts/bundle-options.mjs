// How esbuild bundles what belongs to the package, for dist/ and for tests of what dist/ will be.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));
const manifest = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
const left = { ...manifest.dependencies, ...manifest.peerDependencies };

/** @satisfies {import("esbuild").BuildOptions} */
export const common = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node20.19",
  external: Object.keys(left).flatMap((name) => [name, `${name}/*`]),
  legalComments: "none",
  // Express brings tables of all the world's encodings and kinds of content, a third of the package, and what engines
  // without WeakMap need.
  alias: {
    "iconv-lite": "./scripts/iconv-utf8.cjs",
    "mime-db": "./scripts/mime-few.cjs",
    "side-channel": "./scripts/side-channel-weak.cjs",
  },
  logLevel: "warning",
  metafile: true,
};

/**
 * ES modules that share what they have in common.
 * @satisfies {import("esbuild").BuildOptions}
 */
export const modules = {
  ...common,
  format: "esm",
  splitting: true,
  // CommonJS packages that are bundled ask for Node's own modules by require().
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
};

/** @satisfies {import("esbuild").BuildOptions} */
export const commandLine = {
  ...modules,
  minifySyntax: true,
  minifyWhitespace: true,
  chunkNames: "chunks/[name]-[hash]",
  // yargs measures text with it; the real one builds tables of Unicode at every start.
  alias: { ...common.alias, "string-width": "./cli/terminal/string-width.ts" },
};
