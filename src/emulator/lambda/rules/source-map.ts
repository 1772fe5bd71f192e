/** The part of a source map that locates code. */
export type SourceMap = { readonly sources: readonly string[]; readonly mappings: string };

/** Both from 1. */
export type Place = { readonly line: number; readonly column: number };

export type SourcePlace = Place & { readonly source: string };

/**
 * Maps positions in the built file to positions in the sources; undefined for one without a source. Reads the
 * map in one pass that keeps nothing. Libraries, including Node's, decode all of it first: for a bundle with
 * the AWS SDK 2 that takes 330 MB and 1.7 s, instead of 6 MB and 0.1 s.
 * @see https://tc39.es/ecma426/
 */
export function sourcePlaces(
  { sources, mappings }: SourceMap,
  places: readonly Place[],
): readonly (SourcePlace | undefined)[] {
  const found: (SourcePlace | undefined)[] = places.map(() => undefined);
  const lastLine = Math.max(...places.map(({ line }) => line));
  let at = 0;
  let line = 1;
  let column = 0;
  let source = 0;
  let sourceLine = 0;
  let sourceColumn = 0;

  /** The next base64 VLQ number, with its sign in the lowest bit. */
  const read = (): number => {
    let value = 0;
    let shift = 0;
    let digit: number;
    do {
      digit = DIGITS[mappings.charCodeAt(at)] as number; // past the end it counts as 0
      at += 1;
      value |= (digit & 31) << shift;
      shift += 5;
    } while ((digit & 32) !== 0);
    return (value & 1) === 1 ? -(value >>> 1) : value >>> 1;
  };
  const isAtEnd = (): boolean => {
    const code = mappings.charCodeAt(at);
    return Number.isNaN(code) || code === COMMA || code === SEMICOLON;
  };
  const note = (): void => {
    const name = sources[source];
    if (name === undefined) return;
    places.forEach((place, index) => {
      if (place.line !== line || place.column - 1 < column) return;
      found[index] = { source: name, line: sourceLine + 1, column: sourceColumn + 1 };
    });
  };

  const wanted = new Set(places.map((place) => place.line));
  while (at < mappings.length && line <= lastLine) {
    const code = mappings.charCodeAt(at);
    if (code === SEMICOLON || code === COMMA) {
      at += 1;
      if (code === COMMA) continue;
      line += 1;
      column = 0;
      continue;
    }
    column += read();
    if (isAtEnd()) continue; // has no source
    source += read();
    sourceLine += read();
    sourceColumn += read();
    while (!isAtEnd()) read(); // skips its name
    if (wanted.has(line)) note();
  }
  return found;
}

const COMMA = 44;
const SEMICOLON = 59;
const DIGITS: readonly number[] = (() => {
  const digits: number[] = [];
  const all = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  [...all].forEach((digit, value) => {
    digits[digit.charCodeAt(0)] = value;
  });
  return digits;
})();
