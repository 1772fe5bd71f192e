import type { ChalkInstance } from "chalk";
import type { Entry } from "../../src/app.ts";

/** A fact of one type, with its stamp. */
export type FactOf<T extends Entry["type"]> = Extract<Entry, { type: T }>;

/** `trouble` is always shown, `story` unless quiet, `detail` only if verbose. */
export type Weight = "detail" | "story" | "trouble";

/** The text of a fact: one line, and possibly more below it without time and name. */
export type Line = {
  readonly weight: Weight;
  readonly connectionId?: string | undefined;
  readonly text: string;
  readonly below?: readonly string[];
  /**
   * Prefix of continuation lines if a line is wider than the terminal. Default: its indentation and two
   * spaces.
   */
  readonly lead?: string;
};

/** Formatting functions for lines. */
export type Pen = {
  readonly paint: ChalkInstance;
  readonly verbose: boolean;
  /** Text from outside, made printable and truncated to what a line has left after `taken` characters. */
  excerpt(text: string, taken: number): string;
};
