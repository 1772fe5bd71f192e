// Builds the projects that `wsgw init` writes, in both languages, from templates/ and the sample chat.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { transform } from "sucrase";
import { keep } from "./keep.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const wsgw = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

const SDK_CLIENTS = ["@aws-sdk/client-apigatewaymanagementapi", "@aws-sdk/client-dynamodb"];
/**
 * Packages of wsgw that work without their install scripts. npm 11 warns about scripts that are neither
 * allowed nor disabled.
 */
const NO_SCRIPTS = { "classic-level": false, esbuild: false };
const TYPESCRIPT = /\.(m?)ts$/;
const FOR_TYPES = ["@types/aws-lambda", "@types/node", "typescript"];

/** Writes the projects into `outdir`, one directory per language. Does not rewrite unchanged files. */
export function buildTemplate(outdir = join(root, "dist", "template")) {
  const both = new Map([
    ...filesOf("templates/both"),
    ...filesOf("src/handlers", "src/handlers"),
    ["wsgw.config.ts", sampleDefinition()],
  ]);
  const typescript = new Map([
    ...both,
    ...filesOf("templates/typescript"),
    ["package.json", manifest({ check: "tsc" }, FOR_TYPES)],
  ]);
  const javascript = new Map([
    ...[...both].filter(([name]) => !TYPESCRIPT.test(name)),
    ...formatted([...both].filter(([name]) => TYPESCRIPT.test(name)).map(inJavaScript)),
    ["package.json", manifest({}, [])],
  ]);
  for (const [language, extension, files] of [
    ["typescript", "ts", typescript],
    ["javascript", "js", javascript],
  ]) {
    for (const [name, text] of files) {
      keep(join(outdir, language, name), text.replaceAll("{{extension}}", extension));
    }
  }
}

function* filesOf(directory, as = "") {
  for (const entry of readdirSync(join(root, directory), {
    recursive: true,
    withFileTypes: true,
  })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    yield [join(as, file.slice(join(root, directory).length + 1)), readFileSync(file, "utf8")];
  }
}

/** The definition of the sample chat, with the name of the project. */
function sampleDefinition() {
  const text = readFileSync(join(root, "wsgw.config.ts"), "utf8");
  const named = text.replace('\n  name: "chat",\n', '\n  name: "{{name}}",\n');
  if (named === text)
    throw new Error('wsgw.config.ts has no line name: "chat", to put a name into');
  return named;
}

function manifest(scripts, forTypes) {
  const versions = { ...wsgw.devDependencies, ...wsgw.dependencies, wsgw: `^${wsgw.version}` };
  const versionsOf = (names) => Object.fromEntries(names.map((name) => [name, versions[name]]));
  const content = {
    name: "{{name}}",
    version: "0.1.0",
    private: true,
    type: "module",
    scripts: { start: "wsgw dev", test: "vitest run", deploy: "wsgw deploy", ...scripts },
    dependencies: versionsOf(SDK_CLIENTS),
    devDependencies: versionsOf([...forTypes, "vitest", "wsgw"].sort()),
    allowScripts: NO_SCRIPTS,
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

/** The same file without its types; esbuild would also remove comments and empty lines. */
function inJavaScript([name, text]) {
  const { code } = transform(text.replace(/^import type [^;]+;\n/gm, ""), {
    transforms: ["typescript"],
    disableESTransforms: true,
    keepUnusedImports: true,
  });
  return [name.replace(TYPESCRIPT, ".$1js"), code.replace(/(from "\.[^"]*)\.ts"/g, '$1.js"')];
}

/**
 * Removing types leaves gaps; the formatter closes them in all files at once, because its start takes the
 * most time.
 */
function formatted(files) {
  const biome = createRequire(import.meta.url).resolve("@biomejs/biome/bin/biome");
  const directory = mkdtempSync(join(tmpdir(), "wsgw-template-"));
  try {
    for (const [name, text] of files) keep(join(directory, name), text);
    const config = `--config-path=${join(root, "biome.json")}`;
    execFileSync(process.execPath, [biome, "format", "--write", config, directory], {
      stdio: "pipe",
    });
    return files.map(([name]) => [name, readFileSync(join(directory, name), "utf8")]);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) buildTemplate();
