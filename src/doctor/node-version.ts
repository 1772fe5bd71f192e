import { createRequire } from "node:module";

/** The Node that runs, and the range of those that wsgw's own package.json names. */
export function nodeVersions(): { readonly version: string; readonly engines: string } {
  const { engines } = createRequire(import.meta.url)("wsgw/package.json") as {
    readonly engines: { readonly node: string };
  };
  return { version: process.versions.node, engines: engines.node };
}
