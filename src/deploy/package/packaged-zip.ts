import { createHash } from "node:crypto";
import type { PackageFile } from "./files.ts";
import { unzippedBytes } from "./zip-size.ts";

/** A zip, ready to upload. */
export type PackagedZip = {
  /** Name of the function, or directory of the layer. */
  readonly name: string;
  readonly zip: Uint8Array;
  /** Of the zip, in hex. */
  readonly sha256: string;
  /** Key of the object in the bucket: the project's name and the hash, so that what is there need not be sent. */
  readonly key: string;
  readonly zippedBytes: number;
  readonly unzippedBytes: number;
  /** Paths in the zip, sorted. */
  readonly files: readonly string[];
  /** Sentences about what will be deployed, but may not work there as it does here. */
  readonly warnings: readonly string[];
};

/** Describes a zip of these files. */
export function describeZip(
  project: string,
  name: string,
  files: readonly PackageFile[],
  zip: Uint8Array,
): Omit<PackagedZip, "warnings"> {
  const sha256 = createHash("sha256").update(zip).digest("hex");
  return {
    name,
    zip,
    sha256,
    key: `${project}/${sha256}.zip`,
    zippedBytes: zip.length,
    unzippedBytes: unzippedBytes(files),
    files: files.map(({ path }) => path),
  };
}
