/** Takes one fault: where in the definition, and what is wrong there with what to do about it. */
export type Report = (place: string, problem: string) => void;

const PLAIN_KEY = /^[$\w-]+$/;

/** The place of `key` below `place`, as one would write it in JavaScript, hyphens forgiven. */
export function placeOf(place: string, key: string | number): string {
  if (typeof key === "number") return `${place}[${key}]`;
  if (!PLAIN_KEY.test(key)) return `${place}[${JSON.stringify(key)}]`;
  return place === "" ? key : `${place}.${key}`;
}

const SHOWN_CHARACTERS = 60;

/** A value as a fault names it: JSON, cut when it is long. */
export function shown(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (typeof value === "number") return String(value); // NaN and Infinity are null in JSON
  const text = toJson(value) ?? otherText(value);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}

function otherText(value: unknown): string {
  return typeof value === "object" && value !== null
    ? "an object that holds itself"
    : String(value);
}

function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined; // bigint, circles
  }
}

/** `; did you mean "x"?` with the candidate nearest to `name`; `undefined` when none is near. */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const distance = unlikeness(name.toLowerCase(), candidate.toLowerCase());
    if (distance >= least) continue;
    nearest = candidate;
    least = distance;
  }
  return nearest === undefined ? undefined : `; did you mean "${nearest}"?`;
}

const SHORTEST_PREFIX = 4;

/** Edits between two words, or infinity when they are too many for a slip of the fingers. */
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
