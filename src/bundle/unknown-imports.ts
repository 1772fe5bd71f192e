import { isBuiltin } from "node:module";
import { dirname, resolve } from "node:path";
import type { Metafile } from "esbuild";
import { isOwnFile, nodeModulesWith, packageName } from "./own-code.ts";
import { LINKED } from "./packages.ts";

/** By file, the unresolved aliased imports: the files to which they may resolve later. */
export async function meantByAliases(
  root: string,
  { inputs }: Metafile,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const unknown = Object.entries(inputs).flatMap(([input, { imports }]) => {
    const file = resolve(root, input);
    const names = imports.flatMap(({ path, external }) => (external ? [path] : []));
    const own = isOwnFile(file)
      ? names.filter((name) => isUnknownPackage(name, dirname(file)))
      : [];
    return own.length === 0 ? [] : [[file, own] as const];
  });
  if (unknown.length === 0) return new Map();
  const { filesMeantBy } = await import("./tsconfig-aliases.ts");
  return new Map(
    unknown.map(([file, names]) => [file, names.flatMap((name) => filesMeantBy(file, name))]),
  );
}

function isUnknownPackage(name: string, directory: string): boolean {
  if (isBuiltin(name) || name.startsWith(LINKED) || /^(?:\.{0,2}\/|\w+:)/.test(name)) return false;
  return nodeModulesWith(packageName(name), directory) === undefined;
}
