import { access, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, relative, resolve } from "node:path";
import { isObject } from "../../values/json.ts";

/**
 * The version of wsgw for package.json in `root` that installs this one: the clone or tarball it was
 * installed from. Undefined if it came from a registry, where its version is enough.
 */
export async function installedBy(
  root: string,
  own = dirname(createRequire(import.meta.url).resolve("wsgw/package.json")),
): Promise<string | undefined> {
  const packages = dirname(own);
  const source = basename(packages) === "node_modules" ? await sourceIn(packages) : own;
  return source && `file:${relative(root, source).replaceAll("\\", "/")}`;
}

/** The tarball in npm's own lockfile, which other package managers do not write. */
async function sourceIn(packages: string): Promise<string | undefined> {
  try {
    const lock: unknown = JSON.parse(await readFile(join(packages, ".package-lock.json"), "utf8"));
    const locked = isObject(lock) && isObject(lock.packages) && lock.packages["node_modules/wsgw"];
    const resolved = isObject(locked) ? locked.resolved : undefined;
    if (typeof resolved !== "string" || !resolved.startsWith("file:")) return undefined;
    const source = resolve(dirname(packages), resolved.slice("file:".length));
    await access(source);
    return source;
  } catch {
    return undefined; // not installed by npm, or the tarball is gone
  }
}
