/** A connection as the log shows it: a few characters, and a colour that its neighbours do not have. */
export type ShownConnection = { readonly name: string; readonly colour: NameColour };

/** None of those that tell success, warning and failure. */
const COLOURS = ["cyan", "magenta", "blue", "cyanBright", "magentaBright", "blueBright"] as const;

type NameColour = (typeof COLOURS)[number];

export const NAME_WIDTH = 5;

/** Where that part of an id begins which its neighbours do not have, by the length of the id. */
const STARTS: Readonly<Record<number, number>> = { 16: 6, 20: 12 };

/** Names connections: `#1` for the first that asked to connect, or a part of the id that can be searched for. */
export class ConnectionNames {
  private readonly numbers = new Map<string, number>();
  private last = 0;
  private readonly by: "number" | "id";
  private readonly remembered: number;

  /** The newest connections are remembered, `remembered` of them. */
  constructor(by: "number" | "id", remembered = 10_000) {
    this.by = by;
    this.remembered = remembered;
  }

  /** Gives the connection the next number, as the traces of `wsgw/testing` count clients. */
  add(connectionId: string): void {
    this.last += 1;
    this.numbers.set(connectionId, this.last);
    const [oldest] = this.numbers.keys();
    if (this.numbers.size > this.remembered && oldest !== undefined) this.numbers.delete(oldest);
  }

  /** A connection that never asked to connect, such as a wrong id in a post, has no number. */
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
