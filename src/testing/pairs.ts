/** Values by name; an array repeats the name. */
export type Repeatable = Readonly<Record<string, string | readonly string[]>>;

/** Name and value pairs, in order. */
export function pairsOf(values: Repeatable = {}): [name: string, value: string][] {
  return Object.entries(values).flatMap(([name, value]) =>
    [value].flat().map((each): [string, string] => [name, each]),
  );
}
