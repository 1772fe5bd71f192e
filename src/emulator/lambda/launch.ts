import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { FunctionSpec } from "./environment-contract.ts";
import { localFile } from "./local-files.ts";
import { OPT } from "./rules/layers.ts";

/** How Lambda's bootstrap calls a wrapper script. */
const WRAP = `
[ -f "$0" ] || { echo "$0: does not exist"; exit 127; }
[ -x "$0" ] || { echo "$0: is not an executable"; exit 126; }
exec "$0" "$@"`;

/**
 * The command that starts an environment with the runtime `command`: through the script in the function's
 * `AWS_LAMBDA_EXEC_WRAPPER`, and with its layers in `/opt` if this system can mount a private `/opt` for a
 * process.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html#runtime-wrapper
 */
export function launch(
  spec: Pick<FunctionSpec, "root" | "layers" | "environment">,
  command: readonly string[],
): readonly string[] {
  const layers = spec.layers ?? [];
  const lead = layers.length === 0 ? undefined : leadIntoOpt(layers, spec.root);
  const { AWS_LAMBDA_EXEC_WRAPPER: wrapper, AWS_EXECUTION_ENV } = spec.environment;
  // "Wrapper scripts are not supported on OS-only runtimes", which do not set this variable.
  if (!wrapper || AWS_EXECUTION_ENV === undefined) return [...(lead ?? []), ...command];
  const isInOpt = lead !== undefined && wrapper.startsWith(OPT);
  const script = isInOpt ? wrapper : localFile({ root: spec.root, layers }, wrapper);
  return [...(lead ?? []), "/bin/sh", "-c", WRAP, script, ...command];
}

/**
 * `$0` is the list of layers to mount, `$1` the mount program; the machine's own `/opt` stays visible below.
 */
const MOUNT = `mount="$1"; shift; "$mount" -t overlay overlay -o "lowerdir=$0:/opt" /opt 2>/dev/null`;

/** Characters that separate layers in a mount option. */
const UNSPEAKABLE = /[:,\\]/;

/** The command prefix that mounts layers at `/opt`, by layers; undefined if that is impossible. */
const leads = new Map<string, readonly string[] | undefined>();

function leadIntoOpt(layers: readonly string[], root: string): readonly string[] | undefined {
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
