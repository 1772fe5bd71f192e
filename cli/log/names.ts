/** A connection as the log shows it: a few characters, and a colour that its neighbours do not have. */
export type ShownConnection = { readonly name: string; readonly colour: NameColour };

/** None of those that tell success, warning and failure. */
const COLOURS = ["cyan", "magenta", "blue", "cyanBright", "magentaBright", "blueBright"] as const;

type NameColour = (typeof COLOURS)[number];

export const NAME_WIDTH = 5;

/** Where that part of an id begins which its neighbours do not have, by the length of the id. */
const STARTS: Readonly<Record<number, number>> = { 16: 6, 20: 12 };

/**
 * Creates the book of names. A name is a part of the id, so it can be searched for; colours are dealt
 * in turn, and remembered for the newest connections only.
 */
export function createNames(remembered = 10_000): (connectionId: string) => ShownConnection {
  const colours = new Map<string, NameColour>();
  let dealt = 0;

  return (connectionId) => {
    const name = shortName(connectionId);
    const known = colours.get(connectionId);
    if (known !== undefined) return { name, colour: known };
    const colour = COLOURS[dealt % COLOURS.length] ?? "cyan";
    dealt += 1;
    colours.set(connectionId, colour);
    const [oldest] = colours.keys();
    if (colours.size > remembered && oldest !== undefined) colours.delete(oldest);
    return { name, colour };
  };
}

function shortName(connectionId: string): string {
  const start = STARTS[connectionId.length] ?? 0;
  return connectionId.slice(start, start + NAME_WIDTH);
}
