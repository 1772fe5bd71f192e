import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { directoriesUp, filesBelow, isDirectory, isFile } from "../../bundle/directory-files.ts";
import { type BundleContents, contentsOf, mayExport, needsLoader } from "./rules/bundle-sources.ts";
import type { AssetSource } from "./rules/local-assets.ts";

/** More files than users write themselves; in larger assets only the handlers are compared. */
const MOST_COMPARED = 500;

/**
 * Finds the sources of assets in the project, so that changes take effect without a synthesis: the entry of a
 * bundle, or the original of a copied directory. If it is not certain, the asset itself is used.
 */
export class AssetSources {
  readonly #project: string;
  readonly #outputDirectory: string;
  /** Directories to search for originals: the project, and its repository. */
  readonly #roots: readonly string[];
  readonly #below = new Map<string, readonly string[]>();
  /** Files and directories of the sources that were found. */
  readonly #found = new Set<string>();

  /** Searches below the project's directory, except in the output of a synthesis. */
  constructor(project: string, outputDirectory: string) {
    this.#project = project;
    this.#outputDirectory = outputDirectory;
    const repository = directoriesUp(project).find((each) => existsSync(join(each, ".git")));
    this.#roots = [...new Set([project, repository ?? project])];
  }

  /** Whether a file belongs to a source that was found: its changes need no synthesis. */
  has(file: string): boolean {
    return [file, ...directoriesUp(dirname(file))].some((path) => this.#found.has(path));
  }

  find(directory: string, handler: string | undefined): AssetSource | undefined {
    if (!isDirectory(directory)) return undefined;
    if (handler === undefined) {
      const [first] = filesBelow(directory);
      const copied =
        first === undefined ? undefined : this.#copied(directory, relative(directory, first));
      return copied === undefined ? undefined : { directory: copied, handler };
    }
    const [, module = "", exported = ""] = /^([^.]+)\.(.+)$/.exec(handler) ?? [];
    const file = [".js", ".mjs", ".cjs", ".py"]
      .map((each) => module + each)
      .find((each) => isFile(join(directory, each)));
    if (file === undefined) return undefined;
    const entry = file.endsWith(".py") ? undefined : this.#entryOf(join(directory, file), exported);
    if (entry !== undefined) return this.#built(entry, handler, file);
    const copied = this.#copied(directory, file);
    return copied === undefined ? undefined : { directory: copied, handler };
  }

  #built(entry: string, handler: string, bundle: string): AssetSource {
    const isBelow = entry.startsWith(this.#project + sep);
    const directory = isBelow ? this.#project : dirname(entry);
    const path = relative(directory, entry).replaceAll("\\", "/");
    const format = bundle.endsWith(".mjs") ? "esm" : "cjs";
    const module = /^(?:.*\/)?[^./]+(?=\.\w+$)/.exec(path)?.[0];
    return module === undefined
      ? { directory, handler, format, entry: path }
      : { directory, handler: module + handler.slice(handler.indexOf(".")), format };
  }

  /** The entry of a bundle, if all its files are on this disk and esbuild needs no plugins for them. */
  #entryOf(bundle: string, exported: string): string | undefined {
    const contents = contentsOf({
      code: readFileSync(bundle, "utf8"),
      map: textOf(`${bundle}.map`),
      metafile: textOf(bundle.replace(/\.[cm]?js$/, ".meta.json")),
    });
    if (contents === undefined) return undefined;
    const files = this.#resolved(contents, dirname(bundle));
    if (files === undefined) return undefined;
    const own = [...files.values()].filter((file) => !file.includes(PACKAGES));
    if (own.some(needsLoader)) return undefined;
    const entries = own.filter((file) => mayExport(textOf(file) ?? "", exported));
    const likely = bundle.endsWith(".mjs") ? entries.at(-1) : entries[0];
    const entry = contents.entry === undefined ? likely : files.get(contents.entry);
    if (entry !== undefined) for (const file of own) this.#found.add(file);
    return entry;
  }

  /**
   * The paths of a bundle's files; undefined if one is missing. esbuild runs in the directory of the lock
   * file, here or above.
   */
  #resolved({ from, files }: BundleContents, bundleDirectory: string) {
    const bases = from === "bundle" ? [bundleDirectory] : directoriesUp(this.#project);
    for (const base of bases) {
      const all = files.map((file) => [file, resolve(base, file)] as const);
      if (all.every(([, file]) => existsSync(packageOf(file) ?? file))) return new Map(all);
    }
    return undefined;
  }

  /** The only directory with the same file and all others of the asset. */
  #copied(asset: string, file: string): string | undefined {
    const content = readFileSync(join(asset, file));
    const names = filesBelow(asset)
      .map((each) => relative(asset, each))
      .slice(0, MOST_COMPARED);
    const isCopied = (directory: string) =>
      names.every((name) => existsSync(join(directory, name)));
    for (const root of this.#roots) {
      const [copied, ...more] = this.#filesBelow(root)
        .filter((each) => each.endsWith(sep + file) && readFileSync(each).equals(content))
        .map((each) => each.slice(0, -file.length - 1))
        .filter(isCopied);
      if (copied === undefined) continue;
      if (more.length > 0) return undefined;
      this.#found.add(copied);
      return copied;
    }
    return undefined;
  }

  #filesBelow(root: string): readonly string[] {
    const files = this.#below.get(root) ?? filesBelow(root, [this.#outputDirectory]);
    this.#below.set(root, files);
    return files;
  }
}

const PACKAGES = `${sep}node_modules${sep}`;

/** The directory of the package that contains a file. Source maps name files that packages do not publish. */
function packageOf(file: string): string | undefined {
  const at = file.lastIndexOf(PACKAGES);
  if (at < 0) return undefined;
  const [scope = "", name = ""] = file.slice(at + PACKAGES.length).split(sep);
  return join(file.slice(0, at + PACKAGES.length), scope, scope.startsWith("@") ? name : "");
}

function textOf(file: string): string | undefined {
  return isFile(file) ? readFileSync(file, "utf8") : undefined;
}
