import type { Writable } from "node:stream";
import { harmless } from "./control-characters.ts";
import { written } from "./output.ts";

export type Output = {
  /** Adds one line; the lines of one tick are written together. */
  line(text: string): void;
  /** Resolves when everything has been passed to the stream, or no longer can be. */
  end(): Promise<void>;
};

export type OutputOptions = {
  /** Called once when there is no reader any more: the pipe or terminal is closed. */
  readonly onGone?: () => void;
  /** Creates the line about lines dropped because the reader was too slow. */
  readonly dropped?: (lines: number) => string;
  /** Maximum characters that wait for a slow reader. Default 16 MB. */
  readonly limitChars?: number;
  /** Whether lines are written unchanged: messages for programs. */
  readonly raw?: boolean;
};

const LIMIT_CHARS = 16 * 1024 * 1024;

/**
 * Creates an output that never blocks. Lines for a slow reader wait in memory; a still slower reader loses
 * some and gets a line about that; a closed reader is not an error.
 */
export function createOutput(stream: Writable, options: OutputOptions = {}): Output {
  const { onGone, dropped, limitChars = LIMIT_CHARS, raw = false } = options;
  let lines: string[] = [];
  let waitingChars = 0;
  let lost = 0;
  let state: "ready" | "scheduled" | "full" | "gone" = "ready";

  const gone = () => {
    if (state === "gone") return;
    state = "gone";
    lines = [];
    onGone?.();
  };
  const flush = () => {
    if (state === "gone") return;
    state = "ready";
    if (lines.length === 0) return;
    if (lost > 0 && dropped !== undefined) lines.push(dropped(lost));
    const text = `${lines.join("\n")}\n`;
    lines = [];
    waitingChars = 0;
    lost = 0;
    if (!stream.write(text)) {
      state = "full";
      stream.once("drain", flush);
    }
  };
  stream.on("error", gone);
  stream.once("close", gone);

  return {
    line(text) {
      if (state === "gone") return;
      if (waitingChars > limitChars) {
        lost += 1;
        return;
      }
      lines.push(raw ? text : harmless(text));
      waitingChars += text.length;
      if (state !== "ready") return;
      state = "scheduled";
      setImmediate(flush);
    },
    async end() {
      flush(); // even for a slow reader: nothing more follows
      await written(stream);
      stream.off("error", gone);
      stream.off("close", gone);
      // A stream that failed may fail again, without any listener left.
      stream.on("error", () => {});
    },
  };
}
