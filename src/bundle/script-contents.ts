import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, extname, join, resolve } from "node:path";
import { isFile } from "./folder-files.ts";
import { importCandidates } from "./import-candidates.ts";
import { isOwnFile, namesOwnCode } from "./own-code.ts";

/** What a file exports, as far as its text tells; undefined when only running it would. */
export type KnownExports = readonly string[] | undefined;

const ANNOTATION = /^0 && \(module\.exports = \{([^}]*)\}\);/m;
const REQUIRED = /\brequire\s*\(\s*["']([^"']+)["']\s*\)/g;
const RELATIVE = /^\.{1,2}(?:\/|$)/;
const SDK_LOADED =
  /\b(?:from|import|require)\s*\(?\s*["'](?:[^"']*\/node_modules\/)?(@aws-sdk\/[\w-]+)/g;
const EXTENSIONS = ["", ".js", ".mjs", ".cjs", ".json", "/index.js"];

/** Reads the exports of an ES module from its text. */
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
    return undefined; // broken code is reported by whoever loads it
  }
}

/** Reads the exports of a CommonJS file from its text. A name that it cannot see is no proof. */
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

/** Reads the exports that esbuild notes at the end of a CommonJS bundle. */
export function exportsOfBundle(text: string): KnownExports {
  const names = ANNOTATION.exec(text)?.[1];
  if (names === undefined || names.includes("...")) return undefined;
  return names
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

/** What is known of the files that a JavaScript file loads by a literal path or name. */
export type LoadedFiles = {
  /** Those by their paths, itself first. */
  readonly files: readonly string[];
  /** Files that would be among them if they were there. */
  readonly missing: readonly string[];
  /** Whether Node alone does not run it as a build does: it imports TypeScript, text or a linked package. */
  readonly needsBuild: boolean;
};

/** Reads which files of the project a JavaScript file loads. */
export async function filesOf(entry: string): Promise<LoadedFiles> {
  const lexer = await import("es-module-lexer");
  await lexer.init;
  const files = new Set([entry]);
  const missing = new Set<string>();
  let needsBuild = false;
  for (const file of files) {
    if (!/\.[mc]?js$/.test(file) && file !== entry) continue;
    const folder = dirname(file);
    const names = requestsIn(lexer.parse, readFileSync(file, "utf8"));
    for (const path of names.filter((name) => RELATIVE.test(name))) {
      const found = resolveFile(folder, path);
      if (found !== undefined) files.add(found);
      else for (const candidate of candidatesFor(folder, path)) missing.add(candidate);
      needsBuild ||= !isForNode(found ?? importCandidates(resolve(folder, path)).find(isFile));
    }
    needsBuild ||= isOwnFile(file) && names.some((name) => namesOwnCode(name, folder));
  }
  return { files: [...files], missing: [...missing], needsBuild };
}

/** Whether Node loads a file as it is; one that is missing fails there with Node's own error. */
function isForNode(file: string | undefined): boolean {
  return (
    file === undefined || ["", ".js", ".mjs", ".cjs", ".json", ".node"].includes(extname(file))
  );
}

function requestsIn(parse: Parse, text: string): readonly string[] {
  const required = [...text.matchAll(REQUIRED)].map((match) => match[1] ?? "");
  return [...required, ...importedBy(parse, text)];
}

/** The packages that a JavaScript file and the files around it name. */
export async function packagesOf(files: readonly string[]): Promise<ReadonlySet<string>> {
  const lexer = await import("es-module-lexer");
  await lexer.init;
  const names = files
    .filter((file) => !file.endsWith(".json"))
    .flatMap((file) => importedBy(lexer.parse, readFileSync(file, "utf8")));
  return new Set(names.filter((name) => !name.startsWith(".")));
}

/**
 * The packages of the AWS SDK that JavaScript files import or require, by name or, in a bundle, by the
 * file that a name was found at. One that only a comment names does no harm.
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

/** True when `exports` is used in a way that cannot be read from the text. */
function assignsOtherwise(text: string): boolean {
  const rest = text.replace(/\b(?:module\s*\.\s*)?exports\s*\.\s*[\w$]+/g, "");
  return /\bexports\b/.test(rest.replace(/Object\.defineProperty\(exports, "[\w$]+"/g, ""));
}

function resolveFile(folder: string, path: string): string | undefined {
  return candidatesFor(folder, path).find((file) => existsSync(file) && statSync(file).isFile());
}

function candidatesFor(folder: string, path: string): readonly string[] {
  const base = resolve(folder, path);
  return EXTENSIONS.map((extension) => join(base + extension));
}
