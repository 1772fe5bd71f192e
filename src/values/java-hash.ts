/** Java's `String.hashCode()`. */
export function javaHash(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at += 1)
    hash = (Math.imul(31, hash) + text.charCodeAt(at)) | 0;
  return hash;
}
