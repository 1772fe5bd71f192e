/** How often a header stands in Node's `rawHeaders`. */
export function countOf(rawHeaders: readonly string[], lowerCaseName: string): number {
  return rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === lowerCaseName)
    .length;
}

/** Value of a header in Node's `rawHeaders`; the last one when there are several. */
export function headerValue(
  rawHeaders: readonly string[],
  lowerCaseName: string,
): string | undefined {
  for (let at = rawHeaders.length - 2; at >= 0; at -= 2) {
    const name = rawHeaders[at];
    // Most differ in length already, and every call of `@connections` asks several times.
    if (name?.length === lowerCaseName.length && name.toLowerCase() === lowerCaseName) {
      return rawHeaders[at + 1];
    }
  }
  return undefined;
}
