import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { dirname, resolve } from "node:path";

/**
 * Turns places in a built file into the author's places, by the map beside it. Lines without such a
 * place stay as they are, and so do all when there is no map.
 */
export function mapTrace(trace: readonly string[], file: string): readonly string[] {
  if (!trace.some((line) => line.includes(file))) return trace;
  const map = readMap(`${file}.map`);
  if (map === undefined) return trace;
  return trace.map((line) => {
    const at = line.indexOf(`${file}:`);
    const place = at < 0 ? null : /^:(\d+):(\d+)/.exec(line.slice(at + file.length));
    if (place === null) return line;
    const entry = map.findEntry(Number(place[1]) - 1, Number(place[2]) - 1);
    if (!("originalSource" in entry)) return line;
    const source = resolve(dirname(file), entry.originalSource);
    const mapped = `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
    return line.slice(0, at) + mapped + line.slice(at + file.length + place[0].length);
  });
}

function readMap(file: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return undefined;
  }
}
