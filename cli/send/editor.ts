import { type Completer, createInterface, type Interface } from "node:readline";
import type { Io } from "../terminal/io.ts";
import { HISTORY_LINES } from "./history.ts";

/** `prevRows`: rows from the first of the line that is shown to the one with the cursor. */
export type Editor = Interface & { prevRows?: number };

/** Opens the line that is typed, with earlier ones, newest first, and what Tab completes. */
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
  mendPastes(editor, io.stdin);
  followWidth(editor, io.stdout);
  return editor;
}

/**
 * Terminals wrap the line that is shown anew when their width changes. Node draws it again from where it
 * began in the old width, which leaves rows of it behind, or takes away rows above it.
 */
function followWidth(editor: Editor, output: Io["stdout"]): void {
  const countRows = () => {
    editor.prevRows = editor.getCursorPos().rows;
  };
  output.prependListener("resize", countRows); // before the listener of readline's own, which draws
  editor.once("close", () => void output.off("resize", countRows));
}

/**
 * Node takes several characters that come at once for a paste: it switches completion off meanwhile, then
 * appends them to the line wherever the cursor stands, and forgets how many rows they take. Appending is
 * fast, so it may stay where the cursor is at the end of the line.
 */
function mendPastes(editor: Editor, input: Io["stdin"]): void {
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
