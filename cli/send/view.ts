import type { ChalkInstance } from "chalk";

/** Where a conversation is shown: above the line that is typed, or on standard output and error. */
export type View = {
  readonly paint: ChalkInstance;
  readonly onTerminal: boolean;
  /** Columns that one line of a message may take. */
  width(): number;
  /** A message that has come. */
  message(lines: readonly string[]): void;
  /** What a command was asked for. */
  answer(lines: readonly string[]): void;
  /** What happens meanwhile. */
  note(text: string): void;
  /** What one should know before going on. */
  trouble(text: string): void;
};
