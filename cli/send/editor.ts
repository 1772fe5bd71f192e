import { type Completer, createInterface, type Interface } from "node:readline";
import type { Io } from "../terminal/io.ts";
import { HISTORY_LINES } from "./history.ts";

/** `prevRows`: rows between the first row of the shown line and the cursor. */
export type Editor = Interface & { prevRows?: number };

/** Opens the input line, with earlier lines, newest first, and completion for Tab. */
export function openEditor(
  io: Io,
  options: { readonly lines: readonly string[]; readonly completer: Completer },
): Editor {
  const editor: Editor = createInterface({
    input: io.stdin,
    output: io.stdout,
    terminal: true,
    history: [...options.lines],
    historySize: HISTORY_LINES,
    removeHistoryDuplicates: true,
    completer: options.completer,
  });
  fixPastes(editor, io.stdin);
  followWidth(editor, io.stdout);
  return editor;
}

/**
 * Terminals rewrap the line when their width changes. Node redraws it from its start at the old width, which
 * leaves rows behind or deletes rows above it.
 */
function followWidth(editor: Editor, output: Io["stdout"]): void {
  const countRows = () => {
    editor.prevRows = editor.getCursorPos().rows;
  };
  output.prependListener("resize", countRows); // before readline's own listener, which draws
  editor.once("close", () => void output.off("resize", countRows));
}

/**
 * Node treats several characters at once as a paste: it disables completion meanwhile, appends them to the
 * line wherever the cursor is, and forgets how many rows they take. Appending is fast, so it is kept if the
 * cursor is at the end of the line.
 */
function fixPastes(editor: Editor, input: Io["stdin"]): void {
  let enabled = true;
  Object.defineProperty(editor, "isCompletionEnabled", {
    get: () => enabled || editor.cursor < editor.line.length,
    set: (value: boolean) => {
      enabled = value;
    },
  });
  // Added after readline's own listener, so it runs when the keys have had their effect.
  input.on("data", () => {
    editor.prevRows = editor.getCursorPos().rows;
  });
}
