import type { Json } from "../../../src/readers/cloudformation/rules/origins.ts";

/** Numbers from 0 below 1, the same for each seed. */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const VALUES: readonly Json[] = [
  null,
  true,
  0,
  -1,
  1e21,
  "",
  "${",
  "${a}",
  "IsDev",
  "Table",
  "x".repeat(5000),
  [],
  {},
  [[]],
  { Ref: "Table" },
  { Ref: "Stage" },
  { "Fn::Sub": "${Table.Arn}" },
  { "Fn::If": ["Both", 1, 2] },
  { "Fn::GetAtt": [] },
  { Condition: "Both" },
  { "Fn::ForEach::L": ["N", ["a"], { "${N}": 1 }] },
  { "Fn::Transform": { Name: "X" } },
];

/** The tree with some of its values replaced, by others of its own too. */
export function mutatedTree(node: Json, random: () => number, rate: number): Json {
  if (random() < rate) return VALUES[Math.floor(random() * VALUES.length)] ?? null;
  if (Array.isArray(node)) {
    const items = node.map((item: Json) => mutatedTree(item, random, rate));
    return random() < rate ? [...items, ...items] : items;
  }
  if (typeof node !== "object" || node === null) return node;
  const entries = Object.entries(node).map(
    ([key, value]) =>
      [random() < rate ? "Fn::Join" : key, mutatedTree(value, random, rate)] as const,
  );
  return Object.fromEntries(entries);
}

const BITS = [
  "[",
  "]",
  "{",
  "}",
  ":",
  " ",
  "\t",
  "\n",
  "!",
  "&a ",
  "*common",
  "'",
  '"',
  "|",
  "- ",
  "#",
  "${",
  "}}",
  "\0",
  "ä",
  "!Ref ",
  "!Sub ",
  "<<: ",
  "---\n",
  "Fn::Sub: ",
  "Fn::ForEach::X: ",
];

/** The text with pieces added, removed and repeated. */
export function mutatedText(seed: string, random: () => number): string {
  let text = seed;
  for (let left = 1 + Math.floor(random() * 4); left > 0; left -= 1) {
    const at = Math.floor(random() * text.length);
    const length = Math.floor(random() ** 3 * 60);
    const kind = random();
    const bit = BITS[Math.floor(random() * BITS.length)] ?? "";
    const piece = text.slice(at, at + length);
    if (kind < 0.4) text = text.slice(0, at) + bit + text.slice(at);
    else if (kind < 0.7) text = text.slice(0, at) + text.slice(at + length);
    else text = text.slice(0, at) + piece.repeat(1 + Math.floor(random() * 5)) + text.slice(at);
  }
  return text;
}
