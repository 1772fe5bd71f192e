import { readFileSync } from "node:fs";
import { whyNotRead } from "../../errors/in-words.ts";

/** The unvalidated items of a file, or why it cannot be read. */
export type ItemsFile =
  | { readonly kind: "items"; readonly items: readonly unknown[] }
  | { readonly kind: "unusable"; readonly problem: string };

/** Reads a file of items: a JSON array, or one item per line. */
export function readItemsFile(file: string): ItemsFile {
  try {
    return readItems(readFileSync(file, "utf8"));
  } catch (error) {
    return { kind: "unusable", problem: `cannot be read: ${whyNotRead(error)}` };
  }
}

/** Parses items: a JSON array, or one item per line. */
export function readItems(text: string): ItemsFile {
  if (/^\s*\[/.test(text)) {
    const value = parse(text);
    return value.kind === "json" && Array.isArray(value.value)
      ? { kind: "items", items: value.value }
      : { kind: "unusable", problem: "is not a JSON array of items" };
  }
  const whole = parse(text);
  if (whole.kind === "json") return { kind: "items", items: [whole.value] };
  const items: unknown[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "") continue;
    const value = parse(line);
    if (value.kind === "broken") {
      return {
        kind: "unusable",
        problem: `has invalid JSON in line ${index + 1}: ${value.problem}`,
      };
    }
    items.push(value.value);
  }
  return { kind: "items", items };
}

function parse(
  text: string,
): { kind: "json"; value: unknown } | { kind: "broken"; problem: string } {
  try {
    return { kind: "json", value: JSON.parse(text) };
  } catch (error) {
    return { kind: "broken", problem: error instanceof Error ? error.message : "" };
  }
}
