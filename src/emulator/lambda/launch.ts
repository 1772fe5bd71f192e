import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { FunctionSpec } from "./environment.ts";
import { localFile } from "./local-files.ts";
import { OPT } from "./rules/layers.ts";

/** What Lambda's bootstrap does about a wrapper, in its words. */
const WRAP = `
[ -f "$0" ] || { echo "$0: does not exist"; exit 127; }
[ -x "$0" ] || { echo "$0: is not an executable"; exit 126; }
exec "$0" "$@"`;

/**
 * The command that starts an environment whose runtime is `command`: by the script that the function's
 * `AWS_LAMBDA_EXEC_WRAPPER` names, and with its layers in `/opt` where this system can give a process an `/opt` of its own.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html#runtime-wrapper
 */
export function launch(spec: FunctionSpec, command: readonly string[]): readonly string[] {
  const layers = spec.layers ?? [];
  const lead = layers.length === 0 ? undefined : leadIntoOpt(layers, spec.root);
  const { AWS_LAMBDA_EXEC_WRAPPER: wrapper, AWS_EXECUTION_ENV } = spec.environment;
  // "Wrapper scripts are not supported on OS-only runtimes", which have no such variable.
  if (!wrapper || AWS_EXECUTION_ENV === undefined) return [...(lead ?? []), ...command];
  const isInOpt = lead !== undefined && wrapper.startsWith(OPT);
  const script = isInOpt ? wrapper : localFile({ root: spec.root, layers }, wrapper);
  return [...(lead ?? []), "/bin/sh", "-c", WRAP, script, ...command];
}

/** `$0` is what is to be mounted, `$1` the program that does it; the machine's own `/opt` stays below. */
const MOUNT = `mount="$1"; shift; "$mount" -t overlay overlay -o "lowerdir=$0:/opt" /opt 2>/dev/null`;

/** A list of layers is written with these between them. */
const UNSPEAKABLE = /[:,\\]/;

/** What goes before a command, by the layers that it leads into `/opt`; undefined where that cannot be. */
const leads = new Map<string, readonly string[] | undefined>();

function leadIntoOpt(layers: readonly string[], root: string): readonly string[] | undefined {
  // The mount cannot be written to, and the function's own folder has to be.
  if (layers.some((layer) => UNSPEAKABLE.test(layer)) || root.startsWith(OPT)) return undefined;
  if (!layers.every((layer) => existsSync(layer))) return undefined; // it may come
  const lowest = [...layers].reverse().join(":");
  if (!leads.has(lowest)) leads.set(lowest, findLead(lowest));
  return leads.get(lowest);
}

/**
 * Tried once for each list of layers: there is no telling from outside what a container, a policy of the system or the
 * file system of a layer allows.
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
  // Whoever may mount is root there; the function is to be who it was.
  const itself = [`--map-user=${process.getuid?.()}`, `--map-group=${process.getgid?.()}`];
  return [
    ...[unshare, ...apart, "/bin/sh", "-c", script, layers, mount],
    ...(privileged ? [] : [unshare, "--user", ...itself]),
  ];
}

const PROBE = { stdio: "ignore", timeout: 5_000 } as const;

function toolAt(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin", "/bin", "/usr/sbin"];
  return folders
    .filter(Boolean)
    .map((folder) => join(folder, name))
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
