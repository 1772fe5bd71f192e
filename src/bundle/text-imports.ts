import type { Loader } from "esbuild";

/** The result of importing a file that is not code: its text, or the bytes of WebAssembly. */
export const FILE_LOADERS: Readonly<Record<string, Loader>> = {
  ".graphql": "text",
  ".gql": "text",
  ".sql": "text",
  ".html": "text",
  ".md": "text",
  ".txt": "text",
  ".yaml": "text",
  ".yml": "text",
  ".wasm": "binary",
};
