import { createPathsMatcher, getTsconfig } from "get-tsconfig";
import { importCandidates } from "./import-candidates.ts";

/**
 * The files to which an aliased import may resolve, existing or not, by `paths` or `baseUrl` of the importing
 * file's nearest `tsconfig.json`; includes that file.
 * @see https://www.typescriptlang.org/tsconfig/#paths
 */
export function filesMeantBy(importer: string, request: string): readonly string[] {
  try {
    const tsconfig = getTsconfig(importer);
    if (tsconfig === null) return [];
    const meant = createPathsMatcher(tsconfig)?.(request) ?? [];
    return [tsconfig.path, ...meant.flatMap(importCandidates)];
  } catch {
    return []; // esbuild itself reports an unreadable tsconfig
  }
}
