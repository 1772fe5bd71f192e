/** At most `limit` characters of a string, plus the total size if it is truncated. */
export function cut(text: string, limit: number, bytes = Buffer.byteLength(text)): string {
  if (text.length <= limit) return text;
  const size = `… (${grouped(bytes)} bytes)`;
  const room = Math.max(10, limit - size.length);
  const end = isHighSurrogate(text, room - 1) ? room - 1 : room;
  return `${text.slice(0, end)}${size}`;
}

/** Not Intl: its first use takes 40 ms, during which the gateway waits. */
function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

function isHighSurrogate(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code >= 0xd800 && code <= 0xdbff;
}

/** `1 object`, `2 objects`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
