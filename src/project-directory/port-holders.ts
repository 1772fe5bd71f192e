import { execFile } from "node:child_process";
import { lstat, mkdir, readdir, readFile, readlink, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { WsgwError } from "../errors.ts";
import { findRunning, type RunningGateway } from "./running.ts";

/** Time limit of `lsof`. */
const PATIENCE_MS = 3000;
/** Characters of a command line in a message. */
const COMMAND_SHOWN = 60;
/** The state of a listening socket in /proc/net/tcp. */
const LISTENING = "0A";

/**
 * Records, for this user's other projects, which project's gateway listens at a port. It is only for
 * messages, so errors are ignored. Returns the function that deletes the record.
 */
export async function notePort(port: number, root: string): Promise<() => Promise<void>> {
  try {
    const directory = directoryOfNotes();
    await mkdir(directory, { recursive: true, mode: 0o700 });
    // Another owner could have placed a link there that makes the record overwrite another file.
    if (!(await isOwn(directory))) return async () => {};
    const file = join(directory, `${port}`);
    await writeFile(file, root, { mode: 0o600 });
    return () => rm(file, { force: true }).catch(() => {});
  } catch {
    return async () => {};
  }
}

/**
 * Adds to the error of a port in use which process has it, as far as this user may know; `own` is this
 * project. Other errors stay unchanged.
 */
export async function withHolder(error: unknown, port: number, own: string): Promise<unknown> {
  if (!(error instanceof WsgwError) || error.code !== "PORT_IN_USE") return error;
  const noted = await notedAt(port);
  const gateway = noted === undefined ? undefined : await gatewayAt(noted, port);
  if (noted !== undefined && gateway !== undefined) {
    const isOwn = noted === own;
    const whose = isOwn ? "this project" : noted;
    const message = `Port ${port} is in use by the wsgw dev of ${whose}: ${gateway.url} (process ${gateway.pid}).`;
    const hint = isOwn
      ? "Use that gateway, for example with wsgw send. Start a second one with --port auto."
      : undefined;
    return new WsgwError("PORT_IN_USE", message, { cause: error, hint });
  }
  const holder = await findHolder(port);
  if (holder === undefined) return error;
  const { pid, command } = holder;
  const program = command === undefined ? "" : ` (${shortened(command)})`;
  const message = `Port ${port} is in use by process ${pid}${program}.`;
  return new WsgwError("PORT_IN_USE", message, { cause: error });
}

function shortened(command: string): string {
  return command.length > COMMAND_SHOWN ? `${command.slice(0, COMMAND_SHOWN)}…` : command;
}

/** The project last recorded for a port; its gateway may have ended. */
export async function notedAt(port: number): Promise<string | undefined> {
  try {
    const directory = directoryOfNotes();
    return (await isOwn(directory))
      ? await readFile(join(directory, `${port}`), "utf8")
      : undefined;
  } catch {
    return undefined;
  }
}

async function isOwn(directory: string): Promise<boolean> {
  const found = await lstat(directory);
  if (process.platform === "win32") return true;
  return found.isDirectory() && found.uid === userInfo().uid;
}

/** A directory of this user's in the temporary directory. Throws for a user without a name. */
function directoryOfNotes(): string {
  return join(tmpdir(), `wsgw-ports-${userInfo().username}`);
}

/**
 * Tries to listen at a port of these addresses, and stops again. Returns the error, or undefined; a missing
 * address of the machine is an error only for the first one.
 */
export async function tryPort(
  port: number,
  [first, ...others]: readonly [string, ...string[]],
): Promise<NodeJS.ErrnoException | undefined> {
  const errors = await Promise.all(others.map((address) => tryAddress(port, address)));
  return (await tryAddress(port, first)) ?? errors.find((error) => error?.code === "EADDRINUSE");
}

function tryAddress(port: number, address: string): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", resolve);
    server.listen(port, address, () => server.close(() => resolve(undefined)));
  });
}

/** A process that listens at a port, as far as this user may inspect it. */
export type PortHolder = {
  readonly pid: number;
  readonly command: string | undefined;
  /** Directory of the gateway's project; undefined if it is not a gateway of wsgw. */
  readonly project: string | undefined;
};

type Listener = Pick<PortHolder, "pid" | "command"> & { readonly cwd: string | undefined };

/** The process that listens at a port: from /proc on Linux, else from lsof. Undefined if neither finds it. */
export async function findHolder(port: number): Promise<PortHolder | undefined> {
  const listener = (await byProc(port).catch(() => undefined)) ?? (await byLsof(port));
  if (listener === undefined) return undefined;
  const { pid, command, cwd } = listener;
  const gateway = cwd === undefined ? undefined : await gatewayAt(cwd, port);
  return { pid, command, project: gateway?.pid === pid ? cwd : undefined };
}

async function gatewayAt(root: string, port: number): Promise<RunningGateway | undefined> {
  return (await findRunning(root)).find(({ url }) => Number(new URL(url).port) === port);
}

async function byProc(port: number): Promise<Listener | undefined> {
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
  const directory = `/proc/${pid}/fd`;
  const names = await readdir(directory).catch(() => []); // another user's, or ended in the meantime
  const targets = await Promise.all(
    names.map((fd) => readlink(`${directory}/${fd}`).catch(() => "")),
  );
  return targets.some((target) => links.has(target));
}

async function byLsof(port: number): Promise<Listener | undefined> {
  const pid = Number((await lsof([`-tiTCP:${port}`, "-sTCP:LISTEN"])).split("\n")[0]);
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  const [command, directory] = await Promise.all([
    lsof(["-a", "-p", `${pid}`, "-d", "txt", "-Fc"]),
    lsof(["-a", "-p", `${pid}`, "-d", "cwd", "-Fn"]),
  ]);
  const field = (text: string, letter: string) =>
    text
      .split("\n")
      .find((line) => line.startsWith(letter))
      ?.slice(1);
  return { pid, command: field(command, "c"), cwd: field(directory, "n") };
}

/** The output of lsof; empty if it does not exist, as on Windows. */
async function lsof(args: readonly string[]): Promise<string> {
  try {
    return (await promisify(execFile)("lsof", ["-nP", ...args], { timeout: PATIENCE_MS })).stdout;
  } catch {
    return "";
  }
}
