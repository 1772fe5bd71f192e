/** Values by name; a list repeats the name. */
export type Repeatable = Readonly<Record<string, string | readonly string[]>>;

/** Names and values in turn, as they are written one after the other. */
export function pairsOf(values: Repeatable = {}): [name: string, value: string][] {
  return Object.entries(values).flatMap(([name, value]) =>
    [value].flat().map((each): [string, string] => [name, each]),
  );
}
