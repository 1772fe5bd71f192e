import { execFile } from "node:child_process";
import { readdir, readFile, readlink } from "node:fs/promises";
import { createServer } from "node:net";
import { promisify } from "node:util";

const PATIENCE_MS = 3000;
const LISTENING = "0A";

/** Tries to listen at a port, and leaves it again. Returns the refusal, or undefined. */
export function tryPort(port: number, host: string): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", resolve);
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}

/** A process, as far as this user may look at it. */
export type PortProcess = {
  readonly pid: number;
  readonly command: string | undefined;
  readonly cwd: string | undefined;
};

/** Who listens at a port: by /proc on Linux, else by lsof. Undefined when neither tells. */
export async function findListener(port: number): Promise<PortProcess | undefined> {
  return (await byProc(port).catch(() => undefined)) ?? (await byLsof(port));
}

async function byProc(port: number): Promise<PortProcess | undefined> {
  const tables = await Promise.all(
    ["tcp", "tcp6"].map((name) => readFile(`/proc/net/${name}`, "utf8").catch(() => "")),
  );
  const inodes = new Set(tables.flatMap((table) => listeningInodes(table, port)));
  if (inodes.size === 0) return undefined;
  const links = new Set([...inodes].map((inode) => `socket:[${inode}]`));
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    if (!(await holdsOne(pid, links))) continue;
    const [command, cwd] = await Promise.all([
      readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => ""),
      readlink(`/proc/${pid}/cwd`).catch(() => undefined),
    ]);
    return { pid: Number(pid), command: command.replaceAll("\0", " ").trim() || undefined, cwd };
  }
  return undefined;
}

/** Columns of /proc/net/tcp: local address is the second, state the fourth, inode the tenth. */
function listeningInodes(table: string, port: number): readonly string[] {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return table.split("\n").flatMap((line) => {
    const columns = line.trim().split(/\s+/);
    const inode = columns[9];
    const fits = columns[1]?.endsWith(wanted) && columns[3] === LISTENING;
    return fits && inode !== undefined ? [inode] : [];
  });
}

async function holdsOne(pid: string, links: ReadonlySet<string>): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  const names = await readdir(folder).catch(() => []); // another user's, or ended meanwhile
  const targets = await Promise.all(names.map((fd) => readlink(`${folder}/${fd}`).catch(() => "")));
  return targets.some((target) => links.has(target));
}

async function byLsof(port: number): Promise<PortProcess | undefined> {
  const pid = Number((await lsof([`-tiTCP:${port}`, "-sTCP:LISTEN"])).split("\n")[0]);
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  const [command, folder] = await Promise.all([
    lsof(["-a", "-p", `${pid}`, "-d", "txt", "-Fc"]),
    lsof(["-a", "-p", `${pid}`, "-d", "cwd", "-Fn"]),
  ]);
  const field = (text: string, letter: string) =>
    text
      .split("\n")
      .find((line) => line.startsWith(letter))
      ?.slice(1);
  return { pid, command: field(command, "c"), cwd: field(folder, "n") };
}

/** What lsof prints; nothing where there is none, as on Windows. */
async function lsof(args: readonly string[]): Promise<string> {
  try {
    return (await promisify(execFile)("lsof", ["-nP", ...args], { timeout: PATIENCE_MS })).stdout;
  } catch {
    return "";
  }
}
