import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Loader, OnLoadArgs, OnLoadResult, PartialMessage, Plugin } from "esbuild";

/** The source of a module before it is bundled. */
export type Source = {
  readonly contents: string;
  readonly loader: Loader;
  readonly warnings?: PartialMessage[];
};

/** Changes the source of a module, or returns it unchanged. */
export type SourceChange = (path: string, source: Source) => Source | Promise<Source>;

type Loaders = Readonly<Record<string, Loader>>;

const CODE: Loaders = {
  "": "js",
  ".js": "js",
  ".mjs": "js",
  ".cjs": "js",
  ".jsx": "jsx",
  ".ts": "ts",
  ".mts": "ts",
  ".cts": "ts",
  ".tsx": "tsx",
};

/**
 * esbuild's loader for a code file; undefined for other files. `loaders` are the project's own, by extension.
 */
function codeLoader(path: string, loaders: Loaders): Loader | undefined {
  const name = basename(path);
  const dots = [...name.matchAll(/\./g)].map(({ index }) => name.slice(index));
  const extension = dots.find((one) => one in loaders) ?? dots.at(-1) ?? "";
  const loader = loaders[extension] ?? CODE[extension];
  return loader !== undefined && Object.values(CODE).includes(loader) ? loader : undefined;
}

/** Applies changes to code files whose paths match `filter`, one after the other. */
export function changeSources(
  changes: readonly SourceChange[],
  loaders: Loaders,
  filter = /.*/,
): Plugin {
  return {
    name: "change-sources",
    setup(build) {
      build.onLoad({ filter, namespace: "file" }, async ({ path }) => {
        const loader = codeLoader(path, loaders);
        if (loader === undefined) return undefined;
        const source = { contents: readFileSync(path, "utf8"), loader };
        const changed = await inTurn(changes, path, source);
        return changed === source ? undefined : changed;
      });
    },
  };
}

/** A plugin of the project's, with the same changes to the code that it loads. */
export function changedAfter(
  plugin: Plugin,
  changes: readonly SourceChange[],
  loaders: Loaders,
): Plugin {
  return {
    name: plugin.name,
    setup: (build) =>
      plugin.setup({
        ...build,
        onLoad: (options, load) =>
          build.onLoad(options, async (args) =>
            changeResult(await load(args), args, changes, loaders),
          ),
      }),
  };
}

async function changeResult(
  result: OnLoadResult | null | undefined,
  { path, namespace }: OnLoadArgs,
  changes: readonly SourceChange[],
  loaders: Loaders,
): Promise<OnLoadResult | null | undefined> {
  if (result?.contents === undefined || namespace !== "file") return result;
  const given = result.loader === "default" ? codeLoader(path, loaders) : (result.loader ?? "js");
  if (given === undefined || !Object.values(CODE).includes(given)) return result;
  const { contents } = result;
  const text = typeof contents === "string" ? contents : new TextDecoder().decode(contents);
  const changed = await inTurn(changes, path, { contents: text, loader: given });
  const warnings = [...(result.warnings ?? []), ...(changed.warnings ?? [])];
  return { ...result, ...changed, warnings };
}

async function inTurn(
  changes: readonly SourceChange[],
  path: string,
  source: Source,
): Promise<Source> {
  let changed = source;
  for (const change of changes) changed = await change(path, changed);
  return changed;
}
