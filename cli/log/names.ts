/** A connection in the log: a short name, and a colour that differs from its neighbours. */
export type ShownConnection = { readonly name: string; readonly colour: NameColour };

/** Colours other than those for success, warning and failure. */
const COLOURS = ["cyan", "magenta", "blue", "cyanBright", "magentaBright", "blueBright"] as const;

type NameColour = (typeof COLOURS)[number];

export const NAME_WIDTH = 5;

/** Offset in an id of the part that differs between neighbours, by the length of the id. */
const STARTS: Readonly<Record<number, number>> = { 16: 6, 20: 12 };

/** Names connections: `#1` for the first handshake, or a searchable part of the id. */
export class ConnectionNames {
  private readonly numbers = new Map<string, number>();
  private last = 0;
  private readonly by: "number" | "id";
  private readonly remembered: number;

  /** Remembers the newest `remembered` connections. */
  constructor(by: "number" | "id", remembered = 10_000) {
    this.by = by;
    this.remembered = remembered;
  }

  /** Gives the connection the next number, in the same order as traces of `wsgw/testing`. */
  add(connectionId: string): void {
    this.last += 1;
    this.numbers.set(connectionId, this.last);
    const [oldest] = this.numbers.keys();
    if (this.numbers.size > this.remembered && oldest !== undefined) this.numbers.delete(oldest);
  }

  /** A connection without a handshake, such as a wrong id in a post, has no number. */
  of(connectionId: string): ShownConnection {
    const number = this.numbers.get(connectionId);
    const isNumbered = this.by === "number" && number !== undefined;
    return {
      name: isNumbered ? `#${number}` : shortName(connectionId),
      colour: COLOURS[((number ?? 1) - 1) % COLOURS.length] ?? "cyan",
    };
  }
}

function shortName(connectionId: string): string {
  const start = STARTS[connectionId.length] ?? 0;
  return connectionId.slice(start, start + NAME_WIDTH);
}
