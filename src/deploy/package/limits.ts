import type { PackageFile } from "./files.ts";

const MB = 1024 * 1024;

/**
 * Lambda's limits for the code of one function.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const LIMITS = { zipped: 50 * MB, unzipped: 250 * MB } as const;

const LARGEST = 3;

/**
 * The end of a sentence about code over Lambda's limits, with the largest files, which are the likely cause.
 */
export function tooLarge(
  size: number,
  how: keyof typeof LIMITS,
  files: readonly PackageFile[],
): string | undefined {
  if (size <= LIMITS[how]) return undefined;
  const largest = [...files]
    .sort((a, b) => b.size - a.size)
    .slice(0, LARGEST)
    .map(({ path, size: bytes }) => `${path} (${inMb(bytes)})`)
    .join(", ");
  return `is ${inMb(size)} ${how}; Lambda takes ${inMb(LIMITS[how])}. Largest: ${largest}.`;
}

export function unzippedBytes(files: readonly PackageFile[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}

function inMb(bytes: number): string {
  return `${(bytes / MB).toFixed(1)} MB`;
}
