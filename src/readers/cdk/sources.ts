import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { filesBelow, foldersUp, isFile, isFolder } from "../../bundle/folder-files.ts";
import { type BundleContents, contentsOf, mayExport } from "./rules/bundle.ts";
import type { AssetSource } from "./rules/local-template.ts";

/** More files than what people write themselves; larger assets are compared by their handlers alone. */
const MOST_COMPARED = 500;

/**
 * Finds where the code of assets was written in the project, so that a save is live without a synthesis: the entry of a
 * bundle, or the folder that an asset is a copy of. What it is not sure of it leaves to the asset.
 */
export class AssetSources {
  readonly #project: string;
  readonly #outputFolder: string;
  /** Folders to look for copies in: the project, and the repository that it is in. */
  readonly #roots: readonly string[];
  readonly #below = new Map<string, readonly string[]>();
  /** Files and folders of the code that was found. */
  readonly #found = new Set<string>();

  /** Looks below the folder of the project, but not in what a synthesis wrote. */
  constructor(project: string, outputFolder: string) {
    this.#project = project;
    this.#outputFolder = outputFolder;
    const repository = foldersUp(project).find((each) => existsSync(join(each, ".git")));
    this.#roots = [...new Set([project, repository ?? project])];
  }

  /** Whether a file is of the code that was found: a change of it needs no synthesis. */
  has(file: string): boolean {
    return [file, ...foldersUp(dirname(file))].some((path) => this.#found.has(path));
  }

  find(folder: string, handler: string | undefined): AssetSource | undefined {
    if (!isFolder(folder)) return undefined;
    if (handler === undefined) {
      const [first] = filesBelow(folder);
      const copied =
        first === undefined ? undefined : this.#copied(folder, relative(folder, first));
      return copied === undefined ? undefined : { folder: copied, handler };
    }
    const [, module = "", exported = ""] = /^([^.]+)\.(.+)$/.exec(handler) ?? [];
    const file = [".js", ".mjs", ".cjs", ".py"]
      .map((each) => module + each)
      .find((each) => isFile(join(folder, each)));
    if (file === undefined) return undefined;
    const entry = file.endsWith(".py") ? undefined : this.#entryOf(join(folder, file), exported);
    if (entry !== undefined) return this.#built(entry, handler, file);
    const copied = this.#copied(folder, file);
    return copied === undefined ? undefined : { folder: copied, handler };
  }

  #built(entry: string, handler: string, bundle: string): AssetSource {
    const isBelow = entry.startsWith(this.#project + sep);
    const folder = isBelow ? this.#project : dirname(entry);
    const path = relative(folder, entry).replaceAll("\\", "/");
    const format = bundle.endsWith(".mjs") ? "esm" : "cjs";
    const module = /^(?:.*\/)?[^./]+(?=\.\w+$)/.exec(path)?.[0];
    return module === undefined
      ? { folder, handler, format, entry: path }
      : { folder, handler: module + handler.slice(handler.indexOf(".")), format };
  }

  /** The file that a bundle was made from, where all that went into it is on this disk and esbuild needs no words for it. */
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
    if (own.some((file) => !/\.([cm]?[jt]sx?|json)$/.test(file))) return undefined;
    const entries = own.filter((file) => mayExport(textOf(file) ?? "", exported));
    const likely = bundle.endsWith(".mjs") ? entries.at(-1) : entries[0];
    const entry = contents.entry === undefined ? likely : files.get(contents.entry);
    if (entry !== undefined) for (const file of own) this.#found.add(file);
    return entry;
  }

  /** Where the files of a bundle are; undefined where one is missing. esbuild runs in the folder of the lock file, here or above. */
  #resolved({ from, files }: BundleContents, bundleFolder: string) {
    const bases = from === "bundle" ? [bundleFolder] : foldersUp(this.#project);
    for (const base of bases) {
      const all = files.map((file) => [file, resolve(base, file)] as const);
      if (all.every(([, file]) => existsSync(packageOf(file) ?? file))) return new Map(all);
    }
    return undefined;
  }

  /** The only folder with the same file, and with all others of the asset. */
  #copied(asset: string, file: string): string | undefined {
    const content = readFileSync(join(asset, file));
    const names = filesBelow(asset)
      .map((each) => relative(asset, each))
      .slice(0, MOST_COMPARED);
    const isCopied = (folder: string) => names.every((name) => existsSync(join(folder, name)));
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
    const files = this.#below.get(root) ?? filesBelow(root, [this.#outputFolder]);
    this.#below.set(root, files);
    return files;
  }
}

const PACKAGES = `${sep}node_modules${sep}`;

/** The folder of the package that a file is in. Source maps name files of packages that these do not bring. */
function packageOf(file: string): string | undefined {
  const at = file.lastIndexOf(PACKAGES);
  if (at < 0) return undefined;
  const [scope = "", name = ""] = file.slice(at + PACKAGES.length).split(sep);
  return join(file.slice(0, at + PACKAGES.length), scope, scope.startsWith("@") ? name : "");
}

function textOf(file: string): string | undefined {
  return isFile(file) ? readFileSync(file, "utf8") : undefined;
}
