import { closeSync, ftruncateSync, openSync, readSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// Events that were handed to a child process ahead of time are numbered. Each of the two sides writes a
// number into a file that both have open, and reads the other's after that: whichever order these four
// steps come in, at least one side sees the other's number. So an event is never run twice, and one that
// has not begun can be taken back without asking a process that may be busy for seconds.

/** Where the number of the event stands that the child is about to begin. */
const BEGUN_AT = 0;
/** Where the number stands up to which events were taken back. */
const TAKEN_AT = 8;
const BYTES = 16;

/** The gateway's side. */
export type PrefetchClaims = {
  /** For the child process to inherit. */
  readonly fd: number;
  /** Takes back all events up to `last` that have not begun; returns the number of the last that has. */
  takeBack(last: number): number;
  close(): void;
};

/** Opens the file of one environment; it has no name, so nothing of it can be left behind. Undefined where that cannot be. */
export function openPrefetchClaims(name: string): PrefetchClaims | undefined {
  if (process.platform === "win32") return undefined; // a file that is open keeps its name there
  const fd = openNameless(join(tmpdir(), `wsgw-claims-${process.pid}-${name}`));
  if (fd === undefined) return undefined;
  const number = Buffer.alloc(8);
  return {
    fd,
    takeBack(last) {
      number.writeDoubleLE(last);
      writeSync(fd, number, 0, number.length, TAKEN_AT);
      readSync(fd, number, 0, number.length, BEGUN_AT);
      return Math.min(number.readDoubleLE(), last);
    },
    close: () => closeSync(fd),
  };
}

function openNameless(file: string): number | undefined {
  try {
    const fd = openSync(file, "wx+", 0o600);
    unlinkSync(file);
    ftruncateSync(fd, BYTES);
    return fd;
  } catch {
    return undefined; // no room, no files left: events are then handed over one at a time
  }
}

/** The child's side: claims the event with the number, and returns false when it was taken back. */
export function createPrefetchClaimant(fd: number): (number: number) => boolean {
  const bytes = Buffer.alloc(8);
  return (number) => {
    bytes.writeDoubleLE(number);
    writeSync(fd, bytes, 0, bytes.length, BEGUN_AT);
    readSync(fd, bytes, 0, bytes.length, TAKEN_AT);
    return bytes.readDoubleLE() < number;
  };
}
