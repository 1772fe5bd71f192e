const ESCAPES: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** C0, C1, Unicode line separators, and characters that change the text direction. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
/** The same, except line breaks, tabs and colours. */
const STEERING =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
  /(?!\u001b\[[\d;]*m)[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
const COLOUR = /\u001b\[[\d;]*m/g;

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

/** Characters that take two columns of a terminal, and those that take none. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
const NARROW = /^[\u0020-\u02ff\u2010-\u27bf]*$/;
const NO_WIDTH = /\p{Mn}|\p{Me}|\u200d/u;
const TAB_WIDTH = 8;

/** Columns that a line takes in a terminal; a tab may take fewer than counted. */
export function widthOf(line: string): number {
  const plain = line.includes("\u001b") ? line.replace(COLOUR, "") : line;
  if (NARROW.test(plain)) return plain.length;
  return [...plain].reduce((width, char) => width + charWidth(char), 0);
}

function charWidth(char: string): number {
  if (char === "\t") return TAB_WIDTH;
  if (WIDE.test(char)) return 2;
  return NO_WIDTH.test(char) ? 0 : 1;
}

/**
 * A line wrapped to `width` columns, at spaces if possible. All rows except the first begin with `lead`. A
 * word wider than a row is broken too, unless words stay `whole`: paths that the terminal breaks can still be
 * copied.
 */
export function folded(
  line: string,
  width: number,
  lead: string,
  whole = false,
): readonly string[] {
  if (widthOf(line) <= width) return [line];
  const leadWidth = widthOf(lead);
  const rows: string[] = [];
  let row = "";
  let used = 0;
  let gap = "";
  const next = (): void => {
    rows.push(row);
    row = lead;
    used = leadWidth;
    gap = "";
  };
  for (const [piece, colour, space] of line.matchAll(PIECES)) {
    if (colour !== undefined) row += colour;
    else if (space !== undefined) gap = space;
    else {
      const isFirst = used === (rows.length === 0 ? 0 : leadWidth);
      if (!isFirst && used + widthOf(gap) + widthOf(piece) > width) next();
      row += gap;
      used += widthOf(gap);
      gap = "";
      for (const char of piece) {
        if (!whole && used + charWidth(char) > width && used > leadWidth) next();
        row += char;
        used += charWidth(char);
      }
    }
  }
  return [...rows, row];
}

/** A sign or a first column, which continuation rows leave blank. */
const MARGIN = /^ *(?:[✓✗!│+~-] )?(?:\S+(?: \S+)*? {2,})?/;
/** If a first column is wider than this part of the terminal, too little space is left. */
const WIDEST_MARGIN = 0.5;
const EXAMPLE = /^ {4,}(?:npx )?wsgw /;

/**
 * Sentences and tables wrapped to `columns` of a terminal: continuation rows are indented to the start of the
 * text. An example to copy stays whole.
 */
export function fitted(text: string, columns: number | undefined): string {
  if (columns === undefined) return text;
  const rows = text.split("\n").flatMap((line) => {
    const plain = line.replace(COLOUR, "");
    if (EXAMPLE.test(plain)) return [line];
    const margin = widthOf(MARGIN.exec(plain)?.[0] ?? "");
    const indentation = plain.length - plain.trimStart().length;
    const lead = margin <= columns * WIDEST_MARGIN ? margin : indentation;
    return folded(line, columns, " ".repeat(lead), true);
  });
  return rows.join("\n");
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
const PIECES = /(\u001b\[[\d;]*m)|(\s+)|[^\s\u001b]+/g;
