import { createWriteStream, mkdirSync, type WriteStream } from "node:fs";
import { dirname, resolve } from "node:path";
import { finished } from "node:stream/promises";
import type { Stage } from "../definition/checked-project.ts";
import type { Entry } from "./facts.ts";
import type { EmulatorSettings } from "./options.ts";

type Logged = Extract<Entry, { readonly type: "access.logged" | "execution.logged" }>;

type LogFileSettings = Pick<
  EmulatorSettings,
  "accessLogFile" | "executionLogFile" | "journal" | "root"
> & {
  /** The stage of a line, as currently served. */
  readonly stageOf: (
    logged: Logged,
  ) => Partial<Pick<Stage, "accessLog" | "executionLog">> | undefined;
};

/** Appends the lines of access logs and execution logs to files. An unwritable file is reported once. */
export class LogFiles {
  readonly #settings: LogFileSettings;
  readonly #streams = new Map<string, WriteStream>();
  readonly #unsubscribe: () => void;

  constructor(settings: LogFileSettings) {
    this.#settings = settings;
    this.#unsubscribe = settings.journal.subscribe((entry) => {
      if (entry.type === "access.logged" || entry.type === "execution.logged") this.#write(entry);
    });
  }

  #write(logged: Logged): void {
    for (const file of this.#filesOf(logged)) this.#streamTo(file).write(`${logged.line}\n`);
  }

  /** The file of a line's stage, relative to the project's directory, and that for the lines of all stages. */
  #filesOf(logged: Logged): ReadonlySet<string> {
    const { root, stageOf, accessLogFile, executionLogFile } = this.#settings;
    const { accessLog, executionLog } = stageOf(logged) ?? {};
    const [own, ofAll] =
      logged.type === "access.logged"
        ? [accessLog?.file, accessLogFile]
        : [executionLog?.file, executionLogFile];
    return new Set([...(own === undefined ? [] : [resolve(root, own)]), ofAll ?? []].flat());
  }

  #streamTo(file: string): WriteStream {
    const known = this.#streams.get(file);
    if (known !== undefined) return known;
    mkdirSync(dirname(file), { recursive: true });
    const stream = createWriteStream(file, { flags: "a" });
    stream.on("error", (error) => {
      const message = `wsgw cannot write the log ${file}: ${error.message}`;
      this.#settings.journal.record({ type: "warning", message });
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
