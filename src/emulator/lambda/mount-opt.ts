import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { OPT } from "./rules/layers.ts";

/**
 * `$0` is the list of layers to mount, `$1` the mount program; the machine's own `/opt` stays visible below.
 */
const MOUNT = `mount="$1"; shift; "$mount" -t overlay overlay -o "lowerdir=$0:/opt" /opt 2>/dev/null`;

/** Characters that separate layers in a mount option. */
const UNSPEAKABLE = /[:,\\]/;

/** By layers. */
const leads = new Map<string, readonly string[] | undefined>();

/** The command prefix that mounts layers at `/opt`; undefined if that is impossible. */
export function leadIntoOpt(
  layers: readonly string[],
  root: string,
): readonly string[] | undefined {
  // The mount is read-only, but the function's own directory must be writable.
  if (layers.some((layer) => UNSPEAKABLE.test(layer)) || root.startsWith(OPT)) return undefined;
  if (!layers.every((layer) => existsSync(layer))) return undefined; // not cached: it may appear later
  const lowest = [...layers].reverse().join(":");
  if (!leads.has(lowest)) leads.set(lowest, findLead(lowest));
  return leads.get(lowest);
}

/**
 * Tried once for each list of layers. Whether a container, a system policy or a layer's file system permits
 * the mount cannot be known in advance.
 */
function findLead(layers: string): readonly string[] | undefined {
  const unshare = toolAt("unshare");
  const mount = toolAt("mount");
  if (process.platform !== "linux" || unshare === undefined || mount === undefined)
    return undefined;
  const tools = { unshare, mount };
  const isPrivileged = (process.getuid?.() === 0 ? [true, false] : [false]).find((privileged) => {
    const [program = "", ...args] = leadWith(tools, `${MOUNT} && exec "$@"`, privileged, layers);
    return spawnSync(program, [...args, "/bin/sh", "-c", ":"], PROBE).status === 0;
  });
  if (isPrivileged === undefined) return undefined;
  return leadWith(tools, `${MOUNT}; exec "$@"`, isPrivileged, layers);
}

type Tools = { readonly unshare: string; readonly mount: string };

function leadWith({ unshare, mount }: Tools, script: string, privileged: boolean, layers: string) {
  const apart = privileged ? ["--mount"] : ["--user", "--map-root-user", "--mount"];
  // Mounting requires root in the namespace; the function must run as the original user.
  const itself = [`--map-user=${process.getuid?.()}`, `--map-group=${process.getgid?.()}`];
  return [
    ...[unshare, ...apart, "/bin/sh", "-c", script, layers, mount],
    ...(privileged ? [] : [unshare, "--user", ...itself]),
  ];
}

const PROBE = { stdio: "ignore", timeout: 5_000 } as const;

function toolAt(name: string): string | undefined {
  const directories = [
    ...(process.env.PATH ?? "").split(delimiter),
    "/usr/bin",
    "/bin",
    "/usr/sbin",
  ];
  return directories
    .filter(Boolean)
    .map((directory) => join(directory, name))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
