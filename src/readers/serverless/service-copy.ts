import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { directoriesUp } from "../../bundle/directory-files.ts";

/** Build output, and directories that packaging does not need. */
const LEFT_OUT = new Set([".build", ".esbuild", ".git", ".serverless", ".webpack", ".wsgw"]);

/**
 * Copies a service to a directory for packaging, because Serverless and its plugins write next to the service
 * file. Packages, and its neighbours in the repository, are linked. Returns the directory of the copy.
 */
export function copyService(service: string, into: string): string {
  rmSync(into, { recursive: true, force: true });
  const repository = directoriesUp(service).find((directory) =>
    existsSync(join(directory, ".git")),
  );
  const root = repository ?? service;
  const copy = resolve(into, "in", relative(root, service));
  const above = directoriesUp(service).filter(
    (directory) => directory.startsWith(root) && directory !== service,
  );
  for (const directory of above)
    linkAll(directory, resolve(into, "in", relative(root, directory)), service);
  copyDirectory(service, copy, into);
  return copy;
}

/** Links all entries of a directory except the one that leads to the service. */
function linkAll(directory: string, copy: string, service: string): void {
  mkdirSync(copy, { recursive: true });
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const from = join(directory, entry.name);
    if (entry.name === ".git" || `${service}${sep}`.startsWith(from + sep)) continue;
    link(from, join(copy, entry.name), entry.isDirectory());
  }
}

function copyDirectory(directory: string, copy: string, into: string): void {
  mkdirSync(copy, { recursive: true });
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const [from, to] = [join(directory, entry.name), join(copy, entry.name)];
    if (LEFT_OUT.has(entry.name) || `${into}${sep}`.startsWith(from + sep)) continue;
    if (entry.name === "node_modules" || entry.isSymbolicLink())
      link(from, to, entry.isDirectory());
    else if (entry.isDirectory()) copyDirectory(from, to, into);
    else if (entry.isFile()) copyFileSync(from, to);
  }
}

function link(from: string, to: string, isDirectory: boolean): void {
  // on Windows, linking files requires a privilege
  if (process.platform === "win32" && !isDirectory) copyFileSync(from, to);
  else symlinkSync(from, to, isDirectory ? "junction" : "file");
}
