const SHORTEST_PREFIX = 4;

/** The word of `known` most similar to `typed`; undefined if none is similar enough. */
export function nearest(typed: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const word of known) {
    const distance = unlikeness(typed.toLowerCase(), word.toLowerCase());
    if (distance >= least) continue;
    best = word;
    least = distance;
  }
  return best;
}

/** Number of edits between two words, or infinity if they are too many for a typing error. */
function unlikeness(a: string, b: string): number {
  const edits = editDistance(a, b);
  if (edits <= Math.max(1, Math.floor(Math.max(a.length, b.length) / 3))) return edits;
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  const extended = short.length >= SHORTEST_PREFIX && long.startsWith(short);
  return extended ? edits : Number.POSITIVE_INFINITY;
}

/** Insertions, deletions, replacements, and swaps of neighbours. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        cell(row, j - 1) + 1,
        cell(last, j) + 1,
        cell(last, j - 1) + (same ? 0 : 1),
        swapped ? cell(beforeLast, j - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    beforeLast = last;
    last = row;
  }
  return cell(last, b.length);
}

function cell(row: readonly number[], at: number): number {
  return row[at] ?? Number.POSITIVE_INFINITY;
}
