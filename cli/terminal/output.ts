import type { Writable } from "node:stream";
import type { Screen } from "./io.ts";
import { fitted, harmless } from "./text.ts";

export type Output = {
  /** Adds one line; what is added in one tick goes out in one write. */
  line(text: string): void;
  /** Settles when everything has been handed to the stream, or cannot be any more. */
  end(): Promise<void>;
};

export type OutputOptions = {
  /** Called once when nobody reads any more: the pipe or terminal is gone. */
  readonly onGone?: () => void;
  /** Makes the line that tells of lines dropped because the reader was too slow. */
  readonly dropped?: (lines: number) => string;
  /** How much may wait for a slow reader. Default 16 MB. */
  readonly limitChars?: number;
  /** Whether lines go out as they are: messages that a program reads. */
  readonly raw?: boolean;
};

/** Prints a text and the end of its line. It cannot steer the terminal, whatever is in it. */
export function print(screen: Writable, text: string): void {
  screen.write(`${harmless(text)}\n`);
}

/** Prints sentences and tables for a person: a terminal gets them with rows of its width, a program as they are. */
export function printFitted(screen: Screen, text: string): void {
  print(screen, fitted(text, columnsOf(screen)));
}

/** The width of a terminal; undefined for a file or a pipe, whose lines stay whole. */
export function columnsOf({ isTTY, columns }: Screen): number | undefined {
  return isTTY === true ? columns || undefined : undefined;
}

const LIMIT_CHARS = 16 * 1024 * 1024;

/**
 * Creates an output that never waits: a reader that is slow makes lines wait in memory, one that is
 * slower still loses some and is told so, and one that left is no error.
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
      flush(); // also past a slow reader: nothing more is to come
      await written(stream);
      stream.off("error", gone);
      stream.off("close", gone);
      // A stream that failed may fail again, and nobody is left to hear it.
      stream.on("error", () => {});
    },
  };
}

/** Settles when all that was written to a stream so far has left the process, or cannot any more. */
export function written(stream: Writable): Promise<void> {
  if (stream.destroyed || stream.writableEnded) return Promise.resolve();
  return new Promise((resolve) => {
    stream.once("error", () => resolve());
    stream.once("close", resolve);
    stream.write("", () => resolve());
  });
}

/**
 * Notes the error that keeps a stream from taking all that is written to it, such as a full disk.
 * That nobody reads any more, as behind `| head` or when the terminal is closed, is no loss.
 */
export function watchLoss(stream: Writable): () => Error | undefined {
  let first: NodeJS.ErrnoException | undefined;
  stream.on("error", (error) => {
    first ??= error;
  });
  return () => (READER_LEFT.has(first?.code ?? "") ? undefined : first);
}

const READER_LEFT: ReadonlySet<string> = new Set(["EPIPE", "EIO"]);
