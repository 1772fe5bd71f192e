const SHORT_BYTES = 32;
const ROW_BYTES = 16;

/** A few bytes as hexadecimal; more in rows of sixteen, with offset and text. */
export function hexLines(bytes: Buffer): readonly string[] {
  if (bytes.length <= SHORT_BYTES) return [bytes.toString("hex")];
  return Array.from({ length: Math.ceil(bytes.length / ROW_BYTES) }, (_, row) => {
    const part = bytes.subarray(row * ROW_BYTES, (row + 1) * ROW_BYTES);
    const hex = part.toString("hex").replace(/(..)(?=.)/g, "$1 ");
    const text = part.toString("latin1").replace(/[^ -~]/g, ".");
    const place = (row * ROW_BYTES).toString(16).padStart(8, "0");
    return `${place}  ${hex.padEnd(ROW_BYTES * 3 - 1)}  ${text}`;
  });
}
