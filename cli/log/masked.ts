const STRING = String.raw`"(?:[^"\\]|\\.)*"`;
const SECRETS =
  "authorization|cookie|set-cookie|x-api-key|apiKey|usageIdentifierKey|x-amz-security-token|x-amz-signature";
/** A header, a parameter or an API key in JSON, with its value or its list of values. */
const IN_JSON = new RegExp(
  `("(?:${SECRETS})"\\s*:\\s*)(${STRING}|\\[[\\s,]*(?:${STRING}[\\s,]*)*])`,
  "gi",
);
const IN_QUERY = /([?&]x-amz-(?:security-token|signature)=)[^&\s]*/gi;

/** JSON or a URL for a person's eyes: without what would let a reader of the log in. */
export function masked(text: string): string {
  return text
    .replace(
      IN_JSON,
      (_, name: string, value: string) => `${name}${value.startsWith("[") ? '["***"]' : '"***"'}`,
    )
    .replace(IN_QUERY, "$1***");
}
