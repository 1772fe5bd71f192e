import { harmless } from "./control-characters.ts";
import type { Screen } from "./io.ts";

const COLUMNS_UNKNOWN = 80;

export type LiveRegion = {
  /** Prints `above` permanently, and `below` until the next call. */
  draw(above: readonly string[], below: readonly string[]): void;
  clear(): void;
};

/** The last lines of a terminal, which are redrawn. */
export function createLiveRegion(screen: Screen): LiveRegion {
  let shown = 0;
  const erase = () => (shown === 0 ? "" : `\u001b[${shown}A\u001b[0J`);
  return {
    draw(above, below) {
      if (above.length === 0 && below.length === 0 && shown === 0) return;
      const width = screen.columns ?? COLUMNS_UNKNOWN;
      const lines = below.map((line) => clipped(line, width - 1));
      const text = [...above, ...lines].map((line) => `${harmless(line)}\n`).join("");
      screen.write(`${erase()}${text}`);
      shown = lines.length;
    },
    clear() {
      if (shown > 0) screen.write(erase());
      shown = 0;
    },
  };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
const PIECES = /\u001b\[[\d;]*m|[^\u001b]/gu;

/** A wrapped line would be two, and the region would be erased one line too few. */
function clipped(line: string, width: number): string {
  let room = width;
  let text = "";
  for (const [piece] of line.matchAll(PIECES)) {
    if (piece.startsWith("\u001b")) text += piece;
    else if (room > 0) {
      text += piece;
      room -= 1;
    }
  }
  return text;
}
