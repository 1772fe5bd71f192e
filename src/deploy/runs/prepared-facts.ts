import type { PackagedZip } from "../package/packaged-zip.ts";
import type { PrepareFact } from "./facts.ts";

export function packagedFact({
  name,
  key,
  files,
  zippedBytes,
  unzippedBytes,
}: Pick<PackagedZip, "files" | "key" | "name" | "unzippedBytes" | "zippedBytes">): PrepareFact {
  return {
    type: "function.packaged",
    name,
    key,
    files: files.length,
    zippedBytes,
    unzippedBytes,
  };
}

/** The id of a build: its git commit, or a hash of its contents without git. */
export function buildFact(buildId: string): PrepareFact {
  return {
    type: "build.identified",
    buildId,
    source: buildId.startsWith("content-") ? "content" : "git",
  };
}
