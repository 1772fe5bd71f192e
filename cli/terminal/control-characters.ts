const ESCAPES: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** C0, C1, Unicode line separators, and characters that change the text direction. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
/** The same, except line breaks, tabs and colours. */
const STEERING =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
  /(?!\u001b\[[\d;]*m)[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
export const COLOUR = /\u001b\[[\d;]*m/g;

/** Text from outside on one line: control characters become visible. */
export function printable(text: string): string {
  return text.replace(CONTROL, (char) => {
    const hex = char.charCodeAt(0).toString(16).padStart(2, "0");
    return ESCAPES[char] ?? (hex.length === 2 ? `\\x${hex}` : `\\u${hex}`);
  });
}

/**
 * Text for a terminal, or for a file that may be shown in one: line breaks, tabs and colours stay, and other
 * control characters become visible. All text that commands print passes this last. JSON keeps its value.
 */
export function harmless(text: string): string {
  return text.replace(STEERING, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/**
 * The lines of a program's output. Colours stay if wanted, and are reset at each line's end; other control
 * characters become visible.
 */
export function outputLines(text: string, colours: boolean): readonly string[] {
  const lines = text.replace(/\r?\n$/, "").split(/\r?\n/);
  return lines.map((line) => {
    const plain = line.split(COLOUR).map((part) => part.split("\t").map(printable).join("\t"));
    if (!colours) return plain.join("");
    const codes = line.match(COLOUR) ?? [];
    const coloured = plain.map((part, index) => `${part}${codes[index] ?? ""}`).join("");
    return codes.length > 0 ? `${coloured}\u001b[0m` : coloured;
  });
}
