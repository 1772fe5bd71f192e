/**
 * The loaders that a definition and SAM's build properties may name. `file` and `copy` are missing, because they
 * write files next to the bundle.
 * @see https://esbuild.github.io/content-types/
 */
export const ESBUILD_LOADERS = [
  "js",
  "jsx",
  "ts",
  "tsx",
  "json",
  "text",
  "base64",
  "dataurl",
  "binary",
  "empty",
] as const;
