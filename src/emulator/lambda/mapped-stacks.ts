import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { FunctionCode } from "./environment.ts";
import type { FunctionError } from "./rules/function-faults.ts";
import { type Place, type SourceMap, sourcePlaces } from "./rules/source-map.ts";

/** Turns places in a built file into the author's places. */
export type StackMapper = {
  text(text: string): string;
  error(error: FunctionError): FunctionError;
};

/** So many different places of one function are kept. */
const MOST_KEPT = 1000;

/**
 * Maps stacks by the map beside the built file when one is shown: an environment that did it itself would pay
 * for the map with its own memory. Without a map, text stays as it is.
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
  const map = readMap(`${file}.map`);
  if (map === undefined) return [];
  return sourcePlaces(map, places).map((place) => {
    if (place === undefined) return undefined;
    return `${resolve(dirname(file), place.source)}:${place.line}:${place.column}`;
  });
}

function placeIn(match: RegExpMatchArray): Place {
  return { line: Number(match[1]), column: Number(match[2]) };
}

function readMap(file: string): SourceMap | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined; // there is none, or it is being written
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
