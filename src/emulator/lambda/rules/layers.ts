/** Where a function's layers are on this machine, in the order in which Lambda lays them into `/opt`. */
export type Layers = readonly string[];

/** Where Lambda lays them; nobody can make it on this machine. */
export const OPT = "/opt/";

/** What comes later covers what came before it, so it is looked into first. */
function foldersOf(layers: Layers, ...below: readonly string[]): readonly string[] {
  return [...layers].reverse().flatMap((layer) => below.map((folder) => `${layer}/${folder}`));
}

/** Folders with packages of Node's: `nodejs/node24/node_modules` of all layers, then `nodejs/node_modules`. */
function nodeFolders(layers: Layers, runtime: string): readonly string[] {
  const version = /^nodejs(\d+)\.x$/.exec(runtime)?.[1];
  const own = version === undefined ? [] : foldersOf(layers, `nodejs/node${version}/node_modules`);
  return [...own, ...foldersOf(layers, "nodejs/node_modules")];
}

/** Files that a path below `/opt` may stand for, the likeliest first; none for other paths. */
export function filesInLayers(layers: Layers, path: string): readonly string[] {
  return path.startsWith(OPT) ? foldersOf(layers, path.slice(OPT.length)) : [];
}

/**
 * Variables that lead to what is in the layers; `path` is the `PATH` to be extended. Folders that are
 * not there do no harm, as on Lambda.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html
 */
export function layerVariables(
  layers: Layers,
  runtime: string,
  path: string,
  nodePath: string | undefined,
): Readonly<Record<string, string>> {
  if (layers.length === 0) return {};
  const python = /^python3\.\d+$/.test(runtime)
    ? foldersOf(layers, `python/lib/${runtime}/site-packages`, "python")
    : [];
  const node = runtime.startsWith("nodejs") ? nodeFolders(layers, runtime) : [];
  return {
    PATH: joined([path, ...foldersOf(layers, "bin")]),
    LD_LIBRARY_PATH: joined(foldersOf(layers, "lib")),
    ...(python.length > 0 && { PYTHONPATH: joined(python) }),
    ...(node.length > 0 && { NODE_PATH: joined([...node, nodePath ?? ""]) }),
  };
}

/** Folders as variables list them. */
export function joined(folders: readonly (string | undefined)[]): string {
  const windows = folders.some((folder) => /^[A-Za-z]:\\/.test(folder ?? ""));
  return folders.filter(Boolean).join(windows ? ";" : ":");
}
