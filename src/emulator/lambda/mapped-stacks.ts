import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { jsonIn } from "../../bundle/directory-files.ts";
import type { FunctionCode } from "./environment-contract.ts";
import type { FunctionError } from "./rules/function-errors.ts";
import { type Place, type SourceMap, sourcePlaces } from "./rules/source-map.ts";

/** Maps positions in a built file to the author's source. */
export type StackMapper = {
  text(text: string): string;
  error(error: FunctionError): FunctionError;
};

/** Maximum number of cached positions of one function. */
const MOST_KEPT = 1000;

/**
 * Maps stacks with the source map next to the built file when one is shown: mapping inside an environment
 * would use the function's memory. Without a map, stacks stay unchanged.
 */
export function createStackMapper({ file, sourceMaps }: FunctionCode): StackMapper {
  if (!sourceMaps) return { text: (text) => text, error: (error) => error };
  const names = [pathToFileURL(file).href, file];
  const pattern = new RegExp(`(?:${names.map(escaped).join("|")}):(\\d+):(\\d+)`, "g");
  const kept = new Map<string, string>();

  const text = (given: string): string => {
    if (!names.some((name) => given.includes(name))) return given;
    if (kept.size > MOST_KEPT) kept.clear();
    const unknown = [...given.matchAll(pattern)].filter(([shown]) => !kept.has(shown));
    if (unknown.length > 0) learn(unknown);
    return given.replace(pattern, (shown) => kept.get(shown) ?? shown);
  };

  function learn(shown: readonly RegExpMatchArray[]): void {
    const places = shown.map(placeIn);
    const found = sourcesOf(file, places);
    shown.forEach(([built], index) => {
      kept.set(built, found[index] ?? built);
    });
  }

  return {
    text,
    error: (error) => ({ ...error, trace: error.trace.map(text) }),
  };
}

function sourcesOf(file: string, places: readonly Place[]): readonly (string | undefined)[] {
  const map = jsonIn(`${file}.map`) as SourceMap | undefined; // it may be missing, or being written
  if (map === undefined) return [];
  return sourcePlaces(map, places).map((place) => {
    if (place === undefined) return undefined;
    return `${resolve(dirname(file), place.source)}:${place.line}:${place.column}`;
  });
}

function placeIn(match: RegExpMatchArray): Place {
  return { line: Number(match[1]), column: Number(match[2]) };
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
