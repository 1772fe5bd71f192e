import { basename, join } from "node:path";
import { fileOnDisk, type PackageFile, walk } from "./files.ts";

/** Neither code nor what belongs to it. */
const NO_CODE = new Set([".git", ".aws-sam", ".wsgw", "__pycache__"]);

/** The files of a directory that is zipped unchanged; `without` are local paths without code. */
export function filesOf(directory: string, without: readonly string[]): readonly PackageFile[] {
  const skip = (path: string) =>
    NO_CODE.has(basename(path)) || without.includes(join(directory, path));
  return walk(directory, skip).map((path) => fileOnDisk(path, join(directory, path)));
}
