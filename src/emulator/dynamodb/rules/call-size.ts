import { type DynamoDbRejection, invalid } from "./rejections.ts";
import { withWayOut } from "./supported.ts";

/** Items may be nested 32 levels deep, and each level takes two of JSON. */
const MOST_LEVELS = 100;
/** The store needs half a second for this many names and values, and blocks the gateway meanwhile. */
const MOST_PARTS = 200_000;

/** Limits the work of parsing: checks a body before it is parsed. */
export function rejectionOfBody(body: Uint8Array): DynamoDbRejection | undefined {
  const { levels, parts } = extentOf(body);
  if (levels > MOST_LEVELS) return invalid("Nesting Levels have exceeded supported limits");
  if (parts > MOST_PARTS) return invalid(withWayOut("so many values in one call"));
  return undefined;
}

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const OPEN: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const CLOSE: ReadonlySet<number> = new Set([0x5d, 0x7d]);

/** The depth of JSON, and its number of names and values. */
function extentOf(json: Uint8Array): { readonly levels: number; readonly parts: number } {
  let [levels, level, parts] = [0, 0, 1];
  let isString = false;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at] as number;
    if (isString) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) isString = false;
    } else if (byte === QUOTE) isString = true;
    else if (byte === COMMA || byte === COLON) parts += 1;
    else if (OPEN.has(byte)) levels = Math.max(levels, ++level);
    else if (CLOSE.has(byte)) level -= 1;
  }
  return { levels, parts };
}
