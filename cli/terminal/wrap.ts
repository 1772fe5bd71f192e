import { COLOUR } from "./control-characters.ts";

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

/** A sign (✓ ✗ ! │ + ~ -) or a first column, which continuation rows leave blank. */
const MARGIN = /^ *(?:[\u2713\u2717!\u2502+~-] )?(?:\S+(?: \S+)*? {2,})?/;
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
