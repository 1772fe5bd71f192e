const STRING = String.raw`"(?:[^"\\]|\\.)*"`;
const SECRETS =
  "authorization|cookie|set-cookie|x-api-key|apiKey|usageIdentifierKey|x-amz-security-token|x-amz-signature";
/** A header, a parameter or an API key in JSON, with its value or array of values. */
const IN_JSON = new RegExp(
  `("(?:${SECRETS})"\\s*:\\s*)(${STRING}|\\[[\\s,]*(?:${STRING}[\\s,]*)*])`,
  "gi",
);
const IN_QUERY = /([?&]x-amz-(?:security-token|signature)=)[^&\s]*/gi;

/** JSON or a URL for display, without secrets that would give a reader of the log access. */
export function masked(text: string): string {
  return text
    .replace(
      IN_JSON,
      (_, name: string, value: string) => `${name}${value.startsWith("[") ? '["***"]' : '"***"'}`,
    )
    .replace(IN_QUERY, "$1***");
}
