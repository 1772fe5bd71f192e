import { createWriteStream, mkdirSync, type WriteStream } from "node:fs";
import { dirname } from "node:path";
import { finished } from "node:stream/promises";
import type { Entry, Journal } from "./facts.ts";

type Logged = Extract<Entry, { readonly type: "access.logged" | "execution.logged" }>;

/** Appends the lines of access logs and execution logs to files. An unwritable file is reported once. */
export class LogFiles {
  readonly #journal: Journal;
  readonly #filesOf: (logged: Logged) => readonly string[];
  readonly #streams = new Map<string, WriteStream>();
  readonly #unsubscribe: () => void;

  /** `filesOf` returns the absolute files of a line. */
  constructor(journal: Journal, filesOf: (logged: Logged) => readonly string[]) {
    this.#journal = journal;
    this.#filesOf = filesOf;
    this.#unsubscribe = journal.subscribe((entry) => {
      if (entry.type === "access.logged" || entry.type === "execution.logged") this.#write(entry);
    });
  }

  #write(logged: Logged): void {
    for (const file of this.#filesOf(logged)) this.#streamTo(file).write(`${logged.line}\n`);
  }

  #streamTo(file: string): WriteStream {
    const known = this.#streams.get(file);
    if (known !== undefined) return known;
    mkdirSync(dirname(file), { recursive: true });
    const stream = createWriteStream(file, { flags: "a" });
    stream.on("error", (error) => {
      const message = `wsgw cannot write the log ${file}: ${error.message}`;
      this.#journal.record({ type: "warning", message });
    });
    this.#streams.set(file, stream);
    return stream;
  }

  /** Resolves when all lines are written. */
  async stop(): Promise<void> {
    this.#unsubscribe();
    const streams = [...this.#streams.values()];
    await Promise.allSettled(streams.map((stream) => finished(stream.end())));
  }
}
