import { javaHash } from "../../../../values/java-hash.ts";

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
