import { readdir, readFile, readlink } from "node:fs/promises";
import type { Screen } from "./io.ts";

const EVERY_MS = 1_000;

/**
 * Makes a stream fail when its reader has left, even without writes. An empty write detects this for a
 * socket; the reader of a Linux pipe is looked up in `/proc`. Returns a function that stops watching.
 */
export function watchReader(stream: Screen & { readonly fd?: number }): () => void {
  if (stream.isTTY === true || stream.fd === undefined) return () => {};
  const own = `/proc/self/fd/${stream.fd}`;
  let reader: string | undefined;
  let hasAsked = false;

  async function look(): Promise<void> {
    const pipe = await targetOf(own);
    if (pipe?.startsWith("pipe:") !== true) {
      stream.write("");
      return;
    }
    if (reader !== undefined && (await targetOf(reader)) === pipe) return;
    reader = await readerOf(pipe);
    // The reader has left, or belongs to another user, who is sent one space.
    if (reader === undefined && !hasAsked) stream.write(" ");
    hasAsked = reader === undefined;
  }

  let looking = look();
  const timer = setInterval(() => {
    looking = looking.then(look);
  }, EVERY_MS).unref();
  return () => clearInterval(timer);
}

/**
 * A descriptor by which a process reads a pipe. Searches nearby process ids first: most were started
 * together.
 */
async function readerOf(pipe: string): Promise<string | undefined> {
  const pids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  const distance = (pid: string) => Math.abs(Number(pid) - process.pid);
  for (const pid of pids.sort((a, b) => distance(a) - distance(b))) {
    const fds = await readdir(`/proc/${pid}/fd`).catch(() => []); // another user's, or ended in the meantime
    for (const fd of fds) {
      const place = `/proc/${pid}/fd/${fd}`;
      if ((await targetOf(place)) === pipe && (await isForReading(pid, fd))) return place;
    }
  }
  return undefined;
}

function targetOf(link: string): Promise<string | undefined> {
  return readlink(link).catch(() => undefined);
}

/** By the last digit of its open flags, as in fcntl.h: 0 reads, 1 writes, 2 does both. */
async function isForReading(pid: string, fd: string): Promise<boolean> {
  const text = await readFile(`/proc/${pid}/fdinfo/${fd}`, "utf8").catch(() => "");
  return /^flags:\s+[0-7]*[0246]$/m.test(text);
}
