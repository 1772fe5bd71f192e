const TYPED: Readonly<Record<string, readonly string[]>> = {
  ".js": [".ts", ".tsx"],
  ".jsx": [".tsx"],
  ".mjs": [".mts"],
  ".cjs": [".cts"],
};
const ADDED = [
  ...[".tsx", ".ts", ".mts", ".cts", ".jsx", ".js", ".mjs", ".cjs", ".json"],
  ...["/package.json", "/index.tsx", "/index.ts", "/index.jsx", "/index.js"],
];

/**
 * The files that may be meant by an import of `path`, absolute: itself, with an extension, TypeScript in
 * place of JavaScript, a folder's index. More of them than any one resolver looks for.
 */
export function importCandidates(path: string): readonly string[] {
  const extension = /\.\w+$/.exec(path)?.[0] ?? "";
  const bare = path.slice(0, path.length - extension.length);
  const typed = (TYPED[extension] ?? []).map((other) => bare + other);
  // A file without extension is none of code, and a folder that appears is not yet what is missing.
  const asWritten = extension === "" ? [] : [path];
  return [...asWritten, ...typed, ...ADDED.map((added) => path + added)];
}
