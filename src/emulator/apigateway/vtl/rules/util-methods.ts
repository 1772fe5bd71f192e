import { HostObject, JavaException } from "./java-values.ts";
import { parsedJson, stringMethod } from "./methods.ts";

/**
 * `$util`.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html#util-template-reference
 */
export const UTIL = new HostObject(
  "$util",
  {},
  {
    escapeJavaScript: stringMethod(escapeJavaScript),
    parseJson: stringMethod(parsedJson),
    urlEncode: stringMethod(urlEncode),
    urlDecode: stringMethod(urlDecode),
    base64Encode: stringMethod((text) => Buffer.from(text).toString("base64")),
    base64Decode: stringMethod((text) => Buffer.from(text, "base64").toString()),
  },
);

const ESCAPED: Readonly<Record<string, string>> = {
  "\b": "\\b",
  "\n": "\\n",
  "\t": "\\t",
  "\f": "\\f",
  "\r": "\\r",
};

/** Escapes JavaScript as Apache's commons-text does: `'` becomes `\'`, which is not valid JSON. */
function escapeJavaScript(text: string): string {
  return text.replace(/['"\\/]|[^\x20-\x7f]/g, (character) => {
    if (/['"\\/]/.test(character)) return `\\${character}`;
    const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
    return ESCAPED[character] ?? `\\u${code}`;
  });
}

/** Form encoding: spaces become `+`. */
function urlEncode(text: string): string {
  const encoded = encodeURIComponent(Buffer.from(text).toString());
  return encoded.replace(/%20|[!'()~]/g, (character) =>
    character === "%20" ? "+" : `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Decodes as Java's URLDecoder does: invalid UTF-8 becomes U+FFFD. */
function urlDecode(text: string): string {
  if (/%(?![\dA-Fa-f]{2})/.test(text)) {
    throw new JavaException(`IllegalArgumentException: ${text} is not URL-encoded`);
  }
  return text
    .replaceAll("+", " ")
    .replace(/(?:%..)+/g, (bytes) => Buffer.from(bytes.replaceAll("%", ""), "hex").toString());
}
