import { join } from "node:path";
import type { Needed } from "../../bundle/kept-packages.ts";
import { fileOnDisk, type PackageFile, walk } from "./files.ts";
import { machineOf } from "./machine-code.ts";

/** An installed package. */
type InstalledPackage = { readonly name: string; readonly directory: string };

/** How to read installed packages; passed in, because the bundler does this too. */
type ReadPackages = {
  needs(directory: string): Needed;
  /** The directory of a package, as resolved from another directory. */
  find(name: string, from: string): string | undefined;
};

/**
 * The files of external packages and their dependencies, below `node_modules` where Node finds them. Errors
 * are ends of sentences.
 */
export function keptFiles(
  packages: readonly InstalledPackage[],
  read: ReadPackages,
): { readonly files: readonly PackageFile[]; readonly faults: readonly string[] } {
  const placed = new Map<string, InstalledPackage>();
  const faults = new Set<string>();
  for (const one of packages) place(one, "");

  const files = [...placed].flatMap(([at, { name, directory }]) => {
    const own = filesOf(at, directory);
    const fault = wrongMachine(name, own);
    if (fault !== undefined) faults.add(fault);
    return own;
  });
  return { files, faults: [...faults] };

  /** At the top level if the name is free there, else below the package that needs it. */
  function place(one: InstalledPackage, above: string): void {
    const shared = `node_modules/${one.name}`;
    const there = placed.get(shared);
    const at =
      there === undefined || there.directory === one.directory ? shared : `${above}/${shared}`;
    if (placed.get(at)?.directory === one.directory) return;
    placed.set(at, one);

    const { required, optional } = read.needs(one.directory);
    for (const name of [...required, ...optional]) {
      const directory = read.find(name, one.directory);
      if (directory !== undefined) place({ name, directory }, at);
      else if (required.includes(name)) {
        faults.add(
          `needs the package ${name}, a dependency of ${one.name} that is not installed. Install it.`,
        );
      }
    }
  }
}

const ELSEWHERE = /^prebuilds\/(?:darwin|win32|android|freebsd)/;

function filesOf(at: string, directory: string): readonly PackageFile[] {
  const skip = (path: string) =>
    path === "node_modules" || path.startsWith(".") || ELSEWHERE.test(path);
  return walk(directory, skip).map((path) => fileOnDisk(`${at}/${path}`, join(directory, path)));
}

/** Packages are installed for the local machine; Lambda's is Linux on x86_64. */
function wrongMachine(name: string, files: readonly PackageFile[]): string | undefined {
  const addons = files.filter(({ path }) => path.endsWith(".node"));
  const machines = addons.map((file) => machineOf(file.read()));
  if (addons.length === 0 || machines.includes("linux-x64")) return undefined;
  return `needs the package ${name}, which is installed for ${machines[0] ?? "another machine"}. Lambda runs linux-x64. Run npm install --os=linux --cpu=x64 ${name}.`;
}
