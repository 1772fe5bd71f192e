/** Initial bucket count and load factor of a Java hash map. */
const FIRST_BUCKETS = 16;
const LOAD_FACTOR = 0.75;

/**
 * Entries in the iteration order of a Java hash map. API Gateway writes an authorizer's context in this
 * order; captured on AWS.
 */
export function inJavaOrder<Value>(
  entries: readonly (readonly [string, Value])[],
): readonly (readonly [string, Value])[] {
  let buckets = FIRST_BUCKETS;
  while (entries.length > buckets * LOAD_FACTOR) buckets *= 2;
  const bucketOf = (name: string): number => {
    const hash = javaHash(name);
    return (hash ^ (hash >>> 16)) & (buckets - 1);
  };
  return entries.toSorted(([one], [other]) => bucketOf(one) - bucketOf(other));
}

/** `String.hashCode()`. */
export function javaHash(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at += 1)
    hash = (Math.imul(31, hash) + text.charCodeAt(at)) | 0;
  return hash;
}
