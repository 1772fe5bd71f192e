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
 * The files that an absolute import path may refer to: itself, with an extension, TypeScript instead of
 * JavaScript, a directory's index. These are more candidates than any single resolver has.
 */
export function importCandidates(path: string): readonly string[] {
  const extension = /\.\w+$/.exec(path)?.[0] ?? "";
  const bare = path.slice(0, path.length - extension.length);
  const typed = (TYPED[extension] ?? []).map((other) => bare + other);
  // A file without extension is not code, and a new directory does not yet contain the missing file.
  const asWritten = extension === "" ? [] : [path];
  return [...asWritten, ...typed, ...ADDED.map((added) => path + added)];
}
