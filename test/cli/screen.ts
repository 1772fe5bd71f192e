// biome-ignore-start lint/suspicious/noControlCharactersInRegex: they are what a terminal is steered by
const SEQUENCE = /^\u001b(\[[\d;?]*[A-Za-z])?/;
const PARTS = /^\u001b\[([\d;?]*)([A-Za-z])$/;
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: they are what a terminal is steered by

/** What a terminal of `columns` columns shows: enough of one for what readline writes. */
export function createScreen(width: number) {
  const rows: string[][] = [[]];
  /** Rows that go on with the one above, which was full. */
  let continued = new Set<number>();
  let columns = width;
  let row = 0;
  let column = 0;
  let unread = "";

  const line = (at: number): string[] => {
    while (rows.length <= at) rows.push([]);
    return rows[at] ?? [];
  };

  function put(char: string): void {
    if (column >= columns) {
      row += 1;
      column = 0;
      continued.add(row);
    }
    const cells = line(row);
    while (cells.length < column) cells.push(" ");
    cells[column] = char;
    column += 1;
  }

  function control(sequence: string): void {
    const [, parameters = "", final = ""] = PARTS.exec(sequence) ?? [];
    const count = Number(parameters) || 1;
    if (final === "A") row = Math.max(0, row - count);
    if (final === "B") row += count;
    if (final === "C") column += count;
    if (final === "D") column = Math.max(0, column - count);
    if (final === "G") column = count - 1;
    if (final === "J") {
      line(row).splice(column);
      rows.splice(row + 1);
      continued = new Set([...continued].filter((at) => at <= row));
    }
    if (final === "K") line(row).splice(column);
  }

  return {
    write(text: string): void {
      unread += text;
      while (unread !== "") {
        const [sequence] = SEQUENCE.exec(unread) ?? [];
        if (sequence === "\u001b") return; // the rest of it is still to come
        const [char = ""] = unread;
        unread = unread.slice(sequence?.length ?? char.length);
        if (sequence !== undefined) control(sequence);
        else if (char === "\r") column = 0;
        else if (char === "\n") row += 1;
        else if (char === "\b") column = Math.max(0, column - 1);
        else if (char !== "\u0007") put(char);
        line(row);
      }
    },
    /** Another width: what was wrapped is wrapped anew, with the cursor, as most terminals do. */
    resize(width: number): void {
      const before = { rows: rows.splice(0), continued, row, column };
      continued = new Set();
      columns = width;
      let cells: string[] = [];
      let cursorAt = { top: -1, offset: 0 };
      for (const [at, part] of before.rows.entries()) {
        if (!before.continued.has(at)) cells = [];
        const start = cells.length;
        cells.push(...part);
        if (at === before.row) cursorAt = { top: rows.length, offset: start + before.column };
        if (before.continued.has(at + 1)) continue;
        if (cursorAt.top === rows.length) {
          row = rows.length + Math.floor(cursorAt.offset / columns);
          column = cursorAt.offset % columns;
        }
        for (let from = 0; from === 0 || from < cells.length; from += columns) {
          if (from > 0) continued.add(rows.length);
          rows.push(cells.slice(from, from + columns));
        }
      }
      line(row);
    },
    /** The rows as they are seen, without blanks at their ends. */
    text: (): string =>
      rows
        .map((cells) => cells.join("").trimEnd())
        .join("\n")
        .trimEnd(),
    /** Where the cursor stands, from 0. */
    cursor: () => ({ row, column }),
  };
}
