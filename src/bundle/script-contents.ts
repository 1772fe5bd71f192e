import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, extname, join, resolve } from "node:path";
import { isFile } from "./directory-files.ts";
import { importCandidates } from "./import-candidates.ts";
import { isOwnFile, namesOwnCode } from "./own-code.ts";

/** The exports of a file, as far as its source shows them; undefined if only running it would. */
export type KnownExports = readonly string[] | undefined;

const ANNOTATION = /^0 && \(module\.exports = \{([^}]*)\}\);/m;
const REQUIRED = /\brequire\s*\(\s*["']([^"']+)["']\s*\)/g;
const RELATIVE = /^\.{1,2}(?:\/|$)/;
const SDK_LOADED =
  /\b(?:from|import|require)\s*\(?\s*["'](?:[^"']*\/node_modules\/)?(@aws-sdk\/[\w-]+)/g;
const EXTENSIONS = ["", ".js", ".mjs", ".cjs", ".json", "/index.js"];

/** Parses the exports of an ES module. */
export async function exportsOfModule(text: string): Promise<KnownExports> {
  const lexer = await import("es-module-lexer");
  await lexer.init;
  try {
    const names: string[] = [];
    for (const found of lexer.parse(text)[1]) {
      if (found.type === "reexport-all") return undefined;
      names.push(found.name);
    }
    return names;
  } catch {
    return undefined; // invalid code is reported when it is loaded
  }
}

/** Parses the exports of a CommonJS file. A name that is not among them may exist anyway. */
export async function exportsOfScript(text: string): Promise<KnownExports> {
  const lexer = await import("cjs-module-lexer");
  await lexer.init();
  try {
    const { exports, reexports } = lexer.parse(text);
    return reexports.length > 0 || assignsOtherwise(text) ? undefined : [...exports];
  } catch {
    return undefined;
  }
}

/**
 * Parses the exports that esbuild lists at the end of a CommonJS bundle. It lists none of a file that exports
 * nothing, such as an empty one, and none of a CommonJS file.
 */
export function exportsOfBundle(text: string): KnownExports {
  const names = ANNOTATION.exec(text)?.[1];
  if (names === undefined) return /\bexports\b/.test(text) ? undefined : [];
  if (names.includes("...")) return undefined;
  return names
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

/** The files that a JavaScript file loads by a literal path or name. */
export type LoadedFiles = {
  /** Loaded by path, itself first. */
  readonly files: readonly string[];
  /** Imported files that do not exist. */
  readonly missing: readonly string[];
  /** Whether it needs a build because it imports TypeScript, text or a linked package. */
  readonly needsBuild: boolean;
};

/** Finds the project's files that a JavaScript file loads. */
export async function filesOf(entry: string): Promise<LoadedFiles> {
  const lexer = await import("es-module-lexer");
  await lexer.init;
  const files = new Set([entry]);
  const missing = new Set<string>();
  let needsBuild = false;
  for (const file of files) {
    if (!/\.[mc]?js$/.test(file) && file !== entry) continue;
    const directory = dirname(file);
    const names = requestsIn(lexer.parse, readFileSync(file, "utf8"));
    for (const path of names.filter((name) => RELATIVE.test(name))) {
      const found = resolveFile(directory, path);
      if (found !== undefined) files.add(found);
      else for (const candidate of candidatesFor(directory, path)) missing.add(candidate);
      needsBuild ||= !isForNode(found ?? importCandidates(resolve(directory, path)).find(isFile));
    }
    needsBuild ||= isOwnFile(file) && names.some((name) => namesOwnCode(name, directory));
  }
  return { files: [...files], missing: [...missing], needsBuild };
}

/** Whether Node can load a file as it is; a missing one fails there with Node's own error. */
function isForNode(file: string | undefined): boolean {
  return (
    file === undefined || ["", ".js", ".mjs", ".cjs", ".json", ".node"].includes(extname(file))
  );
}

function requestsIn(parse: Parse, text: string): readonly string[] {
  const required = [...text.matchAll(REQUIRED)].map((match) => match[1] ?? "");
  return [...required, ...importedBy(parse, text)];
}

/** The packages that JavaScript files mention. */
export async function packagesOf(files: readonly string[]): Promise<ReadonlySet<string>> {
  const lexer = await import("es-module-lexer");
  await lexer.init;
  const names = files
    .filter((file) => !file.endsWith(".json"))
    .flatMap((file) => importedBy(lexer.parse, readFileSync(file, "utf8")));
  return new Set(names.filter((name) => !name.startsWith(".")));
}

/**
 * The AWS SDK packages that JavaScript files import or require, by name or, in a bundle, by the resolved
 * file. A name in a comment does no harm.
 */
export function sdkPackagesOf(files: readonly string[]): readonly string[] {
  const names = files.flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(SDK_LOADED)].map((match) => match[1] ?? ""),
  );
  return [...new Set(names)];
}

type Parse = typeof import("es-module-lexer").parse;

function importedBy(parse: Parse, text: string): string[] {
  try {
    return parse(text)[0].flatMap((found) => {
      const name = "specifier" in found ? found.specifier : undefined;
      return typeof name === "string" ? [name] : [];
    });
  } catch {
    return [];
  }
}

/** Whether `exports` is used in a way that cannot be determined from the source. */
function assignsOtherwise(text: string): boolean {
  const rest = text.replace(/\b(?:module\s*\.\s*)?exports\s*\.\s*[\w$]+/g, "");
  return /\bexports\b/.test(rest.replace(/Object\.defineProperty\(exports, "[\w$]+"/g, ""));
}

function resolveFile(directory: string, path: string): string | undefined {
  return candidatesFor(directory, path).find((file) => existsSync(file) && statSync(file).isFile());
}

function candidatesFor(directory: string, path: string): readonly string[] {
  const base = resolve(directory, path);
  return EXTENSIONS.map((extension) => join(base + extension));
}
