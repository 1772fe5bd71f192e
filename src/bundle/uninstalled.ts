import { existsSync, readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, resolve } from "node:path";
import type { Metafile } from "esbuild";
import type { BuildFailure } from "./build-result.ts";
import { isOwnFile, namesOwnCode, nodeModulesWith, packageName } from "./own-code.ts";
import { LINKED } from "./packages.ts";
import { isRuntimeSdk } from "./runtime-sdk.ts";

const STATIC_IMPORT = /(\b(?:from|import)\s*)["']([^"'\n]+)["']/g;

/**
 * The static imports of packages that are not installed, as errors of a build: the module cannot be loaded.
 * Dynamic imports and `require` do not count, because code may handle their failure.
 */
export function uninstalledIn(
  root: string,
  inputs: Metafile["inputs"],
  used: readonly string[],
  layers: readonly string[],
): readonly BuildFailure[] {
  return used.flatMap((input) => {
    const file = resolve(root, input);
    const imports = inputs[input]?.imports ?? [];
    const names = imports.flatMap(({ path, kind, external }) =>
      external === true && kind === "import-statement" ? [path] : [],
    );
    return uninstalled(file, names, layers);
  });
}

/** The same for the modules that a plain JavaScript handler loads. */
export async function uninstalledInPlain(
  files: readonly string[],
  layers: readonly string[],
): Promise<readonly BuildFailure[]> {
  const lexer = await import("es-module-lexer");
  await lexer.init;
  return files
    .filter((file) => /\.m?js$/.test(file))
    .flatMap((file) => {
      try {
        const [found] = lexer.parse(readFileSync(file, "utf8"));
        const names = found.flatMap((one) =>
          one.type === "static" || one.type === "reexport-star" ? [one.specifier] : [],
        );
        return uninstalled(file, names, layers);
      } catch {
        return []; // errors of the syntax have been reported
      }
    });
}

function uninstalled(
  file: string,
  names: readonly string[],
  layers: readonly string[],
): readonly BuildFailure[] {
  if (!isOwnFile(file)) return [];
  const missing = new Set(names.filter((name) => isMissing(name, dirname(file), layers)));
  return [...missing].map((name) => ({
    file,
    ...placeOf(name, file),
    text: `Could not resolve "${name}"`,
  }));
}

function isMissing(request: string, directory: string, layers: readonly string[]): boolean {
  if (isBuiltin(request) || request.startsWith(LINKED) || /^(?:[./<]|\w+:)/.test(request))
    return false;
  if (request.startsWith("#")) return true; // a bundle contains all that package.json explains
  const name = packageName(request);
  if (isRuntimeSdk(name) || nodeModulesWith(name, directory) !== undefined) return false;
  if (namesOwnCode(request, directory)) return false;
  return !layers.some((layer) => isInLayer(layer, name));
}

/** Whether a layer has a package, for any version of Node. */
function isInLayer(layer: string, name: string): boolean {
  const inNodejs = join(layer, "nodejs");
  const versions = existsSync(inNodejs)
    ? readdirSync(inNodejs).filter((each) => /^node\d+$/.test(each))
    : [];
  return [".", ...versions].some((version) =>
    existsSync(join(inNodejs, version, "node_modules", name)),
  );
}

/** The first place of an import; esbuild does not list places of imports, and a plugin's module is not a file. */
function placeOf(name: string, file: string): Pick<BuildFailure, "line" | "column"> {
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const found = [...text.matchAll(STATIC_IMPORT)].find(([, , imported]) => imported === name);
  if (found === undefined) return { line: undefined, column: undefined };
  const [, before = ""] = found;
  const lines = text.slice(0, found.index + before.length).split("\n");
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}
