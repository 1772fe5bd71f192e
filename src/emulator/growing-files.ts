import { statSync } from "node:fs";

/** More than anyone saves by hand in the time that reloads leave. */
const MOST_ROUNDS = 5;
const ROUND_MS = 1_000;

/**
 * Files that grow after each reload that they cause, such as `out.txt` of `wsgw dev | tee out.txt`: wsgw prints that it
 * reloads code, and what it prints makes it reload code.
 */
export class GrowingFiles {
  readonly #rounds = new Map<string, { size: number; reloadedAt: number; count: number }>();
  readonly #left = new Set<string>();

  /** Whether a file is not followed any more. */
  has(file: string): boolean {
    return this.#left.has(file);
  }

  /** Notes that a file caused a reload. Returns whether it is one too many. */
  note(file: string): boolean {
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats === undefined) return false;
    const { size, mtimeMs } = stats;
    const last = this.#rounds.get(file);
    const isRound = last !== undefined && size > last.size && mtimeMs < last.reloadedAt + ROUND_MS;
    const count = isRound ? last.count + 1 : 0;
    this.#rounds.set(file, { size, reloadedAt: Date.now(), count });
    if (count < MOST_ROUNDS) return false;
    this.#left.add(file);
    return true;
  }
}

export function growingText(file: string): string {
  return `${file} grows after each reload that it causes, so wsgw ignores its changes from now on. Write it to another directory, or name it *.log.`;
}
