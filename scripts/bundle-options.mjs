// How esbuild bundles the package, for dist/ and for tests of the future dist/.
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
  // Express includes tables of all encodings and media types, a third of the package, and polyfills for
  // engines without WeakMap.
  alias: {
    "iconv-lite": "./scripts/iconv-utf8.cjs",
    "mime-db": "./scripts/mime-few.cjs",
    "side-channel": "./scripts/side-channel-weak.cjs",
  },
  logLevel: "warning",
  metafile: true,
};

/**
 * ES modules with shared chunks.
 * @satisfies {import("esbuild").BuildOptions}
 */
export const modules = {
  ...common,
  format: "esm",
  splitting: true,
  // Bundled CommonJS packages require Node's own modules.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
};

/**
 * Shortens the names inside yargs and its own packages, because V8 reads them at every start of the command line.
 * Our own names stay, for stack traces.
 * @type {import("esbuild").Plugin}
 */
const shortNames = {
  name: "short-names",
  setup({ esbuild, onLoad }) {
    const filter = /[\\/]node_modules[\\/](?:yargs|yargs-parser|cliui|y18n)[\\/].+\.m?js$/;
    onLoad({ filter }, async ({ path }) => {
      const text = readFileSync(path, "utf8");
      const { code } = await esbuild.transform(text, { minifyIdentifiers: true });
      return { contents: code };
    });
  },
};

/** @satisfies {import("esbuild").BuildOptions} */
export const commandLine = {
  ...modules,
  minifySyntax: true,
  minifyWhitespace: true,
  chunkNames: "chunks/[name]-[hash]",
  plugins: [shortNames],
  alias: {
    ...common.alias,
    // yargs measures text with it; the real package builds Unicode tables at every start.
    "string-width": "./cli/terminal/string-width.ts",
    // Node reads every property of `process` when a module imports it, and so opens standard input; chalk does.
    "node:process": "./scripts/process-global.cjs",
    // yargs compares two values with it; Node's own loads everything that shows differences.
    assert: "./scripts/assert-few.cjs",
  },
};
