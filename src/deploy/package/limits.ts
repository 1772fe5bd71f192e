import type { PackageFile } from "./files.ts";

const MB = 1024 * 1024;

/**
 * What Lambda takes as the code of one function.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const PACKAGE_LIMITS = { zippedBytes: 50 * MB, unzippedBytes: 250 * MB } as const;

const LARGEST = 3;

/** The end of a sentence when a function's files are more than Lambda takes; with the largest, for those are to blame. */
export function tooLargeUnzipped(files: readonly PackageFile[]): string | undefined {
  const size = unzippedBytes(files);
  if (size <= PACKAGE_LIMITS.unzippedBytes) return undefined;
  return `is ${inMb(size)} unzipped; Lambda takes ${inMb(PACKAGE_LIMITS.unzippedBytes)}. Largest: ${largest(files)}.`;
}

export function tooLargeZipped(size: number, files: readonly PackageFile[]): string | undefined {
  if (size <= PACKAGE_LIMITS.zippedBytes) return undefined;
  return `is ${inMb(size)} zipped; Lambda takes ${inMb(PACKAGE_LIMITS.zippedBytes)}. Largest: ${largest(files)}.`;
}

export function unzippedBytes(files: readonly PackageFile[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}

function largest(files: readonly PackageFile[]): string {
  return [...files]
    .sort((a, b) => b.size - a.size)
    .slice(0, LARGEST)
    .map(({ path, size }) => `${path} (${inMb(size)})`)
    .join(", ");
}

function inMb(bytes: number): string {
  return `${(bytes / MB).toFixed(1)} MB`;
}
