/** Buckets of a new hash map of Java, and how full it gets before they are doubled. */
const FIRST_BUCKETS = 16;
const LOAD_FACTOR = 0.75;

/**
 * Entries in the order of a hash map of Java into which they are put one after the other: the order in which API
 * Gateway writes the context of an authorizer, as captures show.
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
function javaHash(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at += 1)
    hash = (Math.imul(31, hash) + text.charCodeAt(at)) | 0;
  return hash;
}
