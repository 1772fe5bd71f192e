import type { ChalkInstance } from "chalk";
import type { Entry } from "../../src/app.ts";

/** A fact of one type, with its place in time. */
export type FactOf<T extends Entry["type"]> = Extract<Entry, { type: T }>;

/** `trouble` is always shown, `story` unless quiet, `detail` only when verbose. */
export type Weight = "detail" | "story" | "trouble";

/** What a fact says: one line, and perhaps more below it without time and name. */
export type Line = {
  readonly weight: Weight;
  readonly connectionId?: string | undefined;
  readonly text: string;
  readonly below?: readonly string[];
  /** Begins the further rows of a line that is wider than the terminal. Default: its indentation and two blanks. */
  readonly lead?: string;
};

/** What the tellers write with. */
export type Pen = {
  readonly paint: ChalkInstance;
  readonly verbose: boolean;
  /** Text from elsewhere, made harmless and cut to what a line has left beside `taken` characters. */
  excerpt(text: string, taken: number): string;
};
