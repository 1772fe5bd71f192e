// Builds dist/: the library for ESM and CommonJS, the command line, the program that runs handlers
// in a child process, and the type declarations for both module systems.
import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { buildBin, guardEntries } from "./build-bin.mjs";
import { buildTemplate } from "./build-template.mjs";
import { commandLine, common, modules, root } from "./bundle-options.mjs";
import { jsonSchema } from "./definition-pages.mjs";
import { declarationsOf } from "./describe-facts.mjs";
import { joinChunks } from "./join-chunks.mjs";
import { TSC } from "./tsc.mjs";

/**
 * Writes dist/. Builds it next to the old one and then replaces that, so that a failed build changes nothing.
 */
export async function buildAll({ types = true } = {}) {
  const out = join(root, "dist");
  const next = join(root, `dist.${process.pid}`);
  try {
    const metafiles = await allOf([
      bundleEsm(next),
      bundleCommonJs(next),
      bundleAwsClients(next),
      bundleLazy(next),
      bundleChild(next),
    ]);
    guardEntries(next, {
      modules: ["testing.js", "testing-vitest.js"],
      scripts: ["testing.cjs"],
    });
    copyFileSync(
      join(root, "src/emulator/lambda/runtime-api/bootstrap.py"),
      join(next, "python-bootstrap.py"),
    );
    buildTemplate(join(next, "template"));
    writeFileSync(join(next, "definition.schema.json"), JSON.stringify(await jsonSchema()));
    if (types) await declareTypes(next);
    else if (existsSync(join(out, "types"))) renameSync(join(out, "types"), join(next, "types"));
    writeFileSync(join(next, "THIRD-PARTY-LICENSES.txt"), licenses(metafiles));
    rmSync(out, { recursive: true, force: true });
    renameSync(next, out);
  } finally {
    rmSync(next, { recursive: true, force: true });
  }
}

/** Waits for all before it rejects: a directory that is still being written cannot be deleted. */
async function allOf(works) {
  await Promise.allSettled(works);
  return Promise.all(works);
}

/** The AWS clients that only a deployment uses. */
const AWS_FOLDER = "src/deploy/aws/sdk";
const AWS_CLIENTS = readdirSync(join(root, AWS_FOLDER)).map((name) => name.replace(/\.ts$/, ""));

/**
 * They are loaded on use, from a separate build that both module systems share: ES modules without top-level
 * await, which Node 20.19 and newer can also require.
 */
const awsClientsApart = {
  name: "aws-clients-apart",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/sdk\/.+\.ts$/ }, ({ path }) => ({
      path: path.replace("./sdk/", "#aws/").replace(/\.ts$/, ""),
      external: true,
    }));
  },
};

/**
 * Parts that few runs need: one copy for both module systems, loaded on use. It is CommonJS, which Jest can
 * require as well.
 */
const LAZY = {
  dynalite: "src/emulator/dynamodb/dynalite-modules.cjs",
  express: "express",
  terraform: "src/readers/terraform/read-terraform.ts",
  vtl: "src/emulator/apigateway/vtl/render-template.ts",
};

const lazyApart = {
  name: "lazy-apart",
  setup({ onResolve }) {
    onResolve({ filter: /./ }, ({ path, kind }) => {
      if (kind !== "dynamic-import") return undefined;
      const file = `/${path.replace(/^[./]+/, "")}`;
      const name = Object.keys(LAZY).find((each) => `/${LAZY[each]}`.endsWith(file));
      return name && { path: `#lazy/${name}`, external: true };
    });
  },
};

async function bundleLazy(outdir) {
  const { metafile } = await build({
    ...common,
    entryPoints: LAZY,
    outdir: join(outdir, "lazy"),
    outExtension: { ".js": ".cjs" },
    format: "cjs",
    minify: true,
    external: common.external.filter((name) => !name.startsWith("classic-level")),
    plugins: [nativeApart],
  });
  return metafile;
}

/** Of LevelDB only the native part remains in its package, whose exact version package.json names. */
const nativeApart = {
  name: "native-apart",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/binding$/ }, ({ importer }) =>
      importer.includes("classic-level")
        ? { path: "classic-level/binding.js", external: true }
        : undefined,
    );
  },
};

/** The files that others load by name. */
const ENTRIES = {
  wsgw: "cli/wsgw.ts", // loaded by cli.js
  index: "src/index.ts",
  "testing-vitest": "src/testing/vitest.ts",
  testing: "src/testing/index.ts",
  app: "src/app.ts", // loaded by the command line; not among the exports of package.json
};

/** One build, so that the command line and the library share their chunks: one copy of everything. */
async function bundleEsm(outdir) {
  const options = { ...commandLine, plugins: [...commandLine.plugins, awsClientsApart, lazyApart] };
  const { metafile } = await build({ ...options, entryPoints: ENTRIES, outdir });
  const entries = Object.keys(ENTRIES).map((name) => join(outdir, `${name}.js`));
  await joinChunks(metafile, entries, commandLine);
  buildBin(outdir);
  return metafile;
}

/**
 * CommonJS cannot be split, so both entries are in one file: one copy of everything here too, and only one
 * WsgwError class.
 */
async function bundleCommonJs(outdir) {
  const { metafile } = await build({
    ...common,
    stdin: {
      contents: `export * as index from "./src/index.ts"; export * as testing from "./src/testing/index.ts";`,
      resolveDir: root,
    },
    outfile: join(outdir, "library.cjs"),
    format: "cjs",
    // Jest runs CommonJS, where import() fails; everything imported this way can be required.
    supported: { "dynamic-import": false },
    minifySyntax: true,
    minifyWhitespace: true,
    plugins: [awsClientsApart, lazyApart],
    define: { "import.meta.url": "__moduleUrl" },
    banner: { js: 'const __moduleUrl = require("node:url").pathToFileURL(__filename).href;' },
  });
  for (const entry of ["index", "testing"]) {
    const text = `"use strict";\nmodule.exports = require("./library.cjs").${entry};\n`;
    writeFileSync(join(outdir, `${entry}.cjs`), text);
  }
  return metafile;
}

async function bundleAwsClients(outdir) {
  const { metafile } = await build({
    ...modules,
    entryPoints: Object.fromEntries(AWS_CLIENTS.map((name) => [name, `${AWS_FOLDER}/${name}.ts`])),
    outdir: join(outdir, "aws"),
    minify: true,
    chunkNames: "[name]-[hash]",
  });
  return metafile;
}

/**
 * The program of the execution environments and the preload of other programs: files that load only Node's
 * own modules.
 */
async function bundleChild(outdir) {
  const { metafile } = await build({
    ...common,
    entryPoints: {
      "lambda-child": "src/emulator/lambda/child-process/child/bootstrap.ts",
      "own-hosts": "src/emulator/own-hosts-preload.ts",
      "config-child": "src/readers/config/config-child.ts",
    },
    outdir,
    outExtension: { ".js": ".cjs" },
    format: "cjs",
    minifySyntax: true,
    minifyWhitespace: true,
  });
  return metafile;
}

/** Types for CommonJS, which ES modules can import too: the entries for those only re-export them. */
async function declareTypes(outdir) {
  const types = join(outdir, "types");
  mkdirSync(types, { recursive: true });
  execFileSync(process.execPath, [TSC, "-p", "tsconfig.build.json", "--outDir", types], {
    cwd: root,
    stdio: "inherit",
  });
  const used = reachable(types, ["index", "testing/index", "testing/vitest"]);
  for (const name of readdirSync(types, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".d.ts")) continue;
    const file = join(types, name);
    const emitted = readFileSync(file, "utf8");
    rmSync(file);
    if (!used.has(file)) continue;
    const text = emitted.includes('"valibot"')
      ? await declarationsOf(join("src", name.replace(/\.d\.ts$/, ".ts")), emitted)
      : emitted;
    const specifiers = /((?:from|import)\s*\(?\s*["'])(\.{1,2}\/[^"']+)\.ts(["'])/g;
    writeFileSync(file.replace(/\.ts$/, ".cts"), text.replace(specifiers, "$1$2.cjs$3"));
  }
  for (const entry of ["index", "testing/index"]) {
    writeFileSync(join(types, `${entry}.d.ts`), 'export * from "./index.cjs";\n');
  }
  // Vitest has types only for ES modules.
  renameSync(join(types, "testing/vitest.d.cts"), join(types, "testing/vitest.d.ts"));
}

/** The declarations that the entries reference; the others would only increase the package's size. */
function reachable(types, entries) {
  const found = new Set();
  const visit = (file) => {
    if (found.has(file)) return;
    found.add(file);
    for (const [, to] of readFileSync(file, "utf8").matchAll(/["'](\.{1,2}\/[^"']+)\.ts["']/g)) {
      visit(join(dirname(file), `${to}.d.ts`));
    }
  };
  for (const entry of entries) visit(join(types, `${entry}.d.ts`));
  return found;
}

/** The licences of the packages that are bundled into dist/. */
function licenses(metafiles) {
  const names = new Set();
  for (const metafile of metafiles) {
    for (const input of Object.keys(metafile.inputs)) {
      const match = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(input);
      if (match) names.add(match[1]);
    }
  }
  return [...names].sort().map(license).join("\n");
}

function license(name) {
  const directory = join(root, "node_modules", name);
  const { version, license: spdx } = JSON.parse(
    readFileSync(join(directory, "package.json"), "utf8"),
  );
  const file = readdirSync(directory).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? "" : readFileSync(join(directory, file), "utf8");
  return `${name} ${version} (${spdx})\n${"=".repeat(72)}\n${text}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildAll({ types: !process.argv.includes("--no-types") });
}
