import { createPathsMatcher, getTsconfig } from "get-tsconfig";
import { importCandidates } from "./import-candidates.ts";

/**
 * The files that an import by an alias may mean, whether they are there or not: by `paths` or `baseUrl` of
 * the `tsconfig.json` that is nearest to the file that imports, and that file itself.
 * @see https://www.typescriptlang.org/tsconfig/#paths
 */
export function filesMeantBy(importer: string, request: string): readonly string[] {
  try {
    const tsconfig = getTsconfig(importer);
    if (tsconfig === null) return [];
    const meant = createPathsMatcher(tsconfig)?.(request) ?? [];
    return [tsconfig.path, ...meant.flatMap(importCandidates)];
  } catch {
    return []; // a tsconfig that cannot be read, which esbuild tells of itself
  }
}
