import type { PackageFile } from "./files.ts";

const MB = 1024 * 1024;

/**
 * Lambda's limits for the code of one function.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const LIMITS = {
  zipped: 50 * MB,
  unzipped: 250 * MB,
  "unzipped with its layers": 250 * MB,
} as const;

type Sized = Pick<PackageFile, "path" | "size">;

const LARGEST = 3;

/**
 * The end of a sentence about code over Lambda's limits, with the largest files, which are the likely cause.
 */
export function tooLarge(
  size: number,
  how: keyof typeof LIMITS,
  files: readonly Sized[],
): string | undefined {
  if (size <= LIMITS[how]) return undefined;
  const largest = [...files]
    .sort((a, b) => b.size - a.size)
    .slice(0, LARGEST)
    .map(({ path, size: bytes }) => `${path} (${inMb(bytes)})`)
    .join(", ");
  return `is ${inMb(size)} ${how}. Lambda's limit is ${inMb(LIMITS[how])}. Largest: ${largest}.`;
}

/** The same for a function with its layers, which Lambda counts together. */
export function tooLargeTogether(
  files: readonly Sized[],
  layers: readonly { readonly name: string; readonly unzippedBytes: number }[],
): string | undefined {
  const parts = [
    { path: "its own code", size: unzippedBytes(files) },
    ...layers.map(({ name, unzippedBytes: size }) => ({ path: name, size })),
  ];
  return tooLarge(unzippedBytes(parts), "unzipped with its layers", parts);
}

export function unzippedBytes(files: readonly Sized[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}

function inMb(bytes: number): string {
  return `${(bytes / MB).toFixed(1)} MB`;
}
