/** Number of occurrences of a header in Node's `rawHeaders`. */
export function countOf(rawHeaders: readonly string[], lowerCaseName: string): number {
  return rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === lowerCaseName)
    .length;
}

/** Value of a header in Node's `rawHeaders`; the last one if it occurs several times. */
export function headerValue(
  rawHeaders: readonly string[],
  lowerCaseName: string,
): string | undefined {
  for (let at = rawHeaders.length - 2; at >= 0; at -= 2) {
    const name = rawHeaders[at];
    // Comparing lengths first is cheap, and every call of `@connections` reads several headers.
    if (name?.length === lowerCaseName.length && name.toLowerCase() === lowerCaseName) {
      return rawHeaders[at + 1];
    }
  }
  return undefined;
}
