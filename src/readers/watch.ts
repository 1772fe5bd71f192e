import { type BigIntStats, type FSWatcher, realpathSync, statSync, watch } from "node:fs";
import { basename, dirname, sep } from "node:path";
import { namesIn } from "../bundle/directory-files.ts";

/** Watched files. */
export type FileWatch = {
  /**
   * Watches exactly these files from now on; those in `missing` count as new if they exist. A name such as
   * `*.tf` means all files of a directory with that ending: it changes when one appears or disappears. New
   * ones that were written since `readSince`, in ms, count as changed, because the old contents may have been
   * read. No effect after `stop`.
   */
  update(files: readonly string[], missing?: readonly string[], readSince?: number): void;
  stop(): void;
};

/** Writes in quick succession are several events and one change. */
const SETTLE_MS = 3;
/**
 * A file that is missing or empty for longer was deleted or emptied. For a shorter time, an editor or git is
 * replacing or rewriting it, which takes a while on a busy machine.
 */
const GONE_MS = 100;
const POLL_MS = 500;

type WatchOptions = {
  readonly files: readonly string[];
  readonly onChange: (file: string) => void;
  /** Directory of files that wsgw itself writes while it reads others. */
  readonly stateDir?: string;
};

/**
 * Calls `onChange` for every file that has new contents, has appeared or has disappeared; paths are absolute.
 *
 * It watches directories, not files, so that it sees editors that save by renaming, and files that disappear
 * for a while. (chokidar 5 never sees the latter again when it watches several directories.) If the system
 * has no watches left, it polls twice a second.
 */
export function watchFiles(options: WatchOptions): FileWatch {
  const watcher = new Watcher(options);
  watcher.update(options.files);
  return {
    update: (...changed) => watcher.update(...changed),
    stop: () => watcher.stop(),
  };
}

class Watcher {
  readonly #options: WatchOptions;
  #contents = new Map<string, string>();
  #names = new Set<string>();
  /** The endings of files that may appear. */
  #endings: readonly string[] = [];
  readonly #directories = new Map<
    string,
    { readonly watcher: FSWatcher; readonly identity: string }
  >();
  #settling: NodeJS.Timeout | undefined;
  /** Timers that check missing or empty files again. */
  readonly #leaving = new Map<string, NodeJS.Timeout>();
  #polling: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  update(
    present: readonly string[],
    missing: readonly string[] = [],
    readSince = Number.POSITIVE_INFINITY,
  ): void {
    if (this.#isStopped) return;
    const before = this.#contents;
    const files = [...present, ...missing];
    const isOwn = (file: string) => file.startsWith(`${this.#options.stateDir}${sep}`);
    const added = (file: string) =>
      writtenAt(file) > readSince && !isOwn(file) ? OUTDATED : contentOf(file);
    this.#contents = new Map(files.map((file) => [file, before.get(file) ?? added(file)]));
    for (const file of missing) this.#contents.set(file, GONE);
    this.#names = new Set(files.flatMap((file) => [file, realPath(file)].flatMap(namesAlong)));
    this.#endings = [...new Set(files.flatMap((file) => endingOf(file) ?? []))];
    this.#followDirectories();
    if (missing.length > 0 || [...this.#contents.values()].includes(OUTDATED)) this.#lookSoon();
  }

  stop(): void {
    this.update([]);
    this.#isStopped = true;
    clearTimeout(this.#settling);
    for (const timer of this.#leaving.values()) clearTimeout(timer);
    clearInterval(this.#polling);
  }

  /** Directories may be replaced by others with the same name, or be missing for a while. */
  #followDirectories(): void {
    const wanted = new Set([...this.#contents.keys()].flatMap(directoriesOf));
    for (const [directory, { watcher, identity }] of this.#directories) {
      if (wanted.has(directory) && identityOf(directory) === identity) continue;
      watcher.close();
      this.#directories.delete(directory);
    }
    for (const directory of wanted) {
      if (!this.#directories.has(directory)) this.#follow(directory);
    }
  }

  #follow(directory: string): void {
    try {
      const watcher = watch(directory, { persistent: false }, (_, name) => {
        const isWatched =
          name === null ||
          this.#names.has(name) ||
          this.#endings.some((each) => name.endsWith(each));
        if (isWatched) this.#lookSoon();
      });
      watcher.on("error", () => this.#lookSoon());
      this.#directories.set(directory, { watcher, identity: identityOf(directory) });
    } catch {
      this.#polling ??= setInterval(() => this.#look(), POLL_MS).unref();
    }
  }

  #lookSoon(): void {
    this.#settling ??= setTimeout(() => {
      this.#settling = undefined;
      this.#look();
    }, SETTLE_MS);
  }

  #look(): void {
    this.#followDirectories();
    for (const [file, before] of this.#contents) {
      const now = contentOf(file);
      if (now === before) continue;
      if (!isEmpty(now)) this.#changed(file, now);
      else if (!this.#leaving.has(file)) {
        const timer = setTimeout(() => this.#lookAgain(file), GONE_MS).unref();
        this.#leaving.set(file, timer);
      }
    }
  }

  #lookAgain(file: string): void {
    this.#leaving.delete(file);
    const now = contentOf(file);
    if (now !== (this.#contents.get(file) ?? now) && isEmpty(now)) this.#changed(file, now);
  }

  #changed(file: string, content: string): void {
    this.#contents.set(file, content);
    this.#options.onChange(file);
  }
}

const GONE = "";
/** For a file that was written after it was read. */
const OUTDATED = "outdated";

/** Differs whenever a file has been written, replaced, or given other permissions. */
function contentOf(file: string): string {
  const ending = endingOf(file);
  if (ending !== undefined) {
    const names = namesIn(dirname(file)).filter((name) => name.endsWith(ending));
    return `files with ${names.join("/")}`;
  }
  const stats = statOf(file);
  return stats === undefined ? GONE : `${stats.ino} ${stats.mtimeNs} ${stats.size} ${stats.mode}`;
}

/**
 * When a file was written, replaced or given other permissions; for `*.tf`, when a file appeared or
 * disappeared. In ms.
 */
function writtenAt(file: string): number {
  const stats = statOf(endingOf(file) === undefined ? file : dirname(file));
  return stats === undefined ? 0 : Number(stats.ctimeNs / 1_000_000n);
}

/** The ending that a name such as `*.tf` matches; undefined for a single file's name. */
function endingOf(file: string): string | undefined {
  const name = basename(file);
  return name.startsWith("*") ? name.slice(1) : undefined;
}

/** Whether a file is missing or empty. */
function isEmpty(content: string): boolean {
  return content === GONE || content.split(" ")[2] === "0";
}

function identityOf(directory: string): string {
  const stats = statOf(directory);
  return stats === undefined ? GONE : `${stats.dev} ${stats.ino}`;
}

function statOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true });
  } catch {
    return undefined; // an unreadable file counts as missing
  }
}

/** The directory of a file, or the nearest existing one; for a link, also that of its target. */
function directoriesOf(file: string): readonly string[] {
  return [...new Set([nearestDirectory(file), nearestDirectory(realPath(file))])];
}

function nearestDirectory(path: string): string {
  const directory = dirname(path);
  if (directory === path || identityOf(directory) !== GONE) return directory;
  return nearestDirectory(directory);
}

function namesAlong(path: string): readonly string[] {
  const above = dirname(path);
  return above === path ? [] : [basename(path), ...namesAlong(above)];
}

function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file; // it is missing; so is its link
  }
}
