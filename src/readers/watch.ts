import {
  type BigIntStats,
  type FSWatcher,
  readdirSync,
  realpathSync,
  statSync,
  watch,
} from "node:fs";
import { basename, dirname, sep } from "node:path";

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

/**
 * Calls `onChange` for every file that has new contents, has appeared or has disappeared; paths are absolute.
 *
 * It watches directories, not files, so that it sees editors that save by renaming, and files that disappear
 * for a while. (chokidar 5 never sees the latter again when it watches several directories.) If the system
 * has no watches left, it polls twice a second.
 */
export function watchFiles(options: {
  readonly files: readonly string[];
  readonly onChange: (file: string) => void;
  /** Directory of files that wsgw itself writes while it reads others. */
  readonly stateDir?: string;
}): FileWatch {
  let contents = new Map<string, string>();
  let names = new Set<string>();
  /** The endings of files that may appear. */
  let endings: readonly string[] = [];
  const folders = new Map<string, { readonly watcher: FSWatcher; readonly identity: string }>();
  let settling: NodeJS.Timeout | undefined;
  /** Timers that check missing or empty files again. */
  const leaving = new Map<string, NodeJS.Timeout>();
  let polling: NodeJS.Timeout | undefined;
  let stopped = false;

  function update(
    present: readonly string[],
    missing: readonly string[] = [],
    readSince = Number.POSITIVE_INFINITY,
  ): void {
    if (stopped) return;
    const before = contents;
    const files = [...present, ...missing];
    const isOwn = (file: string) => file.startsWith(`${options.stateDir}${sep}`);
    const added = (file: string) =>
      writtenAt(file) > readSince && !isOwn(file) ? OUTDATED : contentOf(file);
    contents = new Map(files.map((file) => [file, before.get(file) ?? added(file)]));
    for (const file of missing) contents.set(file, GONE);
    names = new Set(files.flatMap((file) => [file, realPath(file)].flatMap(namesAlong)));
    endings = [...new Set(files.flatMap((file) => endingOf(file) ?? []))];
    followFolders();
    if (missing.length > 0 || [...contents.values()].includes(OUTDATED)) lookSoon();
  }

  /** Directories may be replaced by others with the same name, or be missing for a while. */
  function followFolders(): void {
    const wanted = new Set([...contents.keys()].flatMap(foldersOf));
    for (const [folder, { watcher, identity }] of folders) {
      if (wanted.has(folder) && identityOf(folder) === identity) continue;
      watcher.close();
      folders.delete(folder);
    }
    for (const folder of wanted) if (!folders.has(folder)) follow(folder);
  }

  function follow(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, (_, name) => {
        if (name === null || names.has(name) || endings.some((each) => name.endsWith(each)))
          lookSoon();
      });
      watcher.on("error", lookSoon);
      folders.set(folder, { watcher, identity: identityOf(folder) });
    } catch {
      polling ??= setInterval(look, POLL_MS).unref();
    }
  }

  function lookSoon(): void {
    settling ??= setTimeout(() => {
      settling = undefined;
      look();
    }, SETTLE_MS);
  }

  function look(): void {
    followFolders();
    for (const [file, before] of contents) {
      const now = contentOf(file);
      if (now === before) continue;
      if (!isEmpty(now)) changed(file, now);
      else if (!leaving.has(file)) leaving.set(file, setTimeout(lookAgain, GONE_MS, file).unref());
    }
  }

  function lookAgain(file: string): void {
    leaving.delete(file);
    const now = contentOf(file);
    if (now !== (contents.get(file) ?? now) && isEmpty(now)) changed(file, now);
  }

  function changed(file: string, content: string): void {
    contents.set(file, content);
    options.onChange(file);
  }

  update(options.files);
  return {
    update,
    stop() {
      update([]);
      stopped = true;
      clearTimeout(settling);
      for (const timer of leaving.values()) clearTimeout(timer);
      clearInterval(polling);
    },
  };
}

const GONE = "";
/** For a file that was written after it was read. */
const OUTDATED = "outdated";

/** Differs whenever a file has been written, replaced, or given other permissions. */
function contentOf(file: string): string {
  const ending = endingOf(file);
  if (ending !== undefined) return `files with ${namesWith(ending, dirname(file)).join("/")}`;
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

function namesWith(ending: string, folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(ending));
  } catch {
    return []; // it is missing
  }
}

/** Whether a file is missing or empty. */
function isEmpty(content: string): boolean {
  return content === GONE || content.split(" ")[2] === "0";
}

function identityOf(folder: string): string {
  const stats = statOf(folder);
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
function foldersOf(file: string): readonly string[] {
  return [...new Set([nearestFolder(file), nearestFolder(realPath(file))])];
}

function nearestFolder(path: string): string {
  const folder = dirname(path);
  if (folder === path || identityOf(folder) !== GONE) return folder;
  return nearestFolder(folder);
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
