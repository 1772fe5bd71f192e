/**
 * Converts bytes as `contentHandling` requires. Undefined if text to decode is not base64.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-develop-binary-media-types.html
 */
export function convertContent(
  bytes: Uint8Array,
  handling: "CONVERT_TO_BINARY" | "CONVERT_TO_TEXT" | undefined,
): Uint8Array | undefined {
  switch (handling) {
    case undefined:
      return bytes;
    case "CONVERT_TO_TEXT":
      return Buffer.from(Buffer.from(bytes).toString("base64"));
    case "CONVERT_TO_BINARY": {
      const text = Buffer.from(bytes).toString();
      return BASE64.test(text) ? Buffer.from(text, "base64") : undefined;
    }
    default:
      return handling satisfies never;
  }
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
