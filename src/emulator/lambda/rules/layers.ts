/** The local directories of a function's layers, in the order in which Lambda merges them into `/opt`. */
export type Layers = readonly string[];

/** The mount point of layers on Lambda, which an unprivileged user cannot create here. */
export const OPT = "/opt/";

/** Later layers override earlier ones, so they are searched first. */
function directoriesOf(layers: Layers, ...below: readonly string[]): readonly string[] {
  return [...layers]
    .reverse()
    .flatMap((layer) => below.map((directory) => `${layer}/${directory}`));
}

/**
 * Directories with packages of Node's: `nodejs/node24/node_modules` of all layers, then
 * `nodejs/node_modules`.
 */
export function nodeDirectories(layers: Layers, runtime: string): readonly string[] {
  const version = /^nodejs(\d+)\.x$/.exec(runtime)?.[1];
  const own =
    version === undefined ? [] : directoriesOf(layers, `nodejs/node${version}/node_modules`);
  return [...own, ...directoriesOf(layers, "nodejs/node_modules")];
}

/** Candidates for a path below `/opt`, the most likely first; none for other paths. */
export function filesInLayers(layers: Layers, path: string): readonly string[] {
  return path.startsWith(OPT) ? directoriesOf(layers, path.slice(OPT.length)) : [];
}

/**
 * Variables for the contents of the layers; extends `path`, the `PATH`. Missing directories do no harm, as on
 * Lambda.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html
 */
export function layerVariables(
  layers: Layers,
  runtime: string,
  path: string,
  nodePath: string | undefined,
): Readonly<Record<string, string>> {
  if (layers.length === 0) return {};
  const sitePackages = `python/lib/${runtime}/site-packages`;
  return {
    PATH: joined([path, ...directoriesOf(layers, "bin")]),
    LD_LIBRARY_PATH: joined(directoriesOf(layers, "lib")),
    ...(/^python3\.\d+$/.test(runtime) && {
      PYTHONPATH: joined(directoriesOf(layers, sitePackages, "python")),
    }),
    ...(runtime.startsWith("nodejs") && {
      NODE_PATH: joined([...nodeDirectories(layers, runtime), nodePath]),
    }),
  };
}

/** A list of directories in the format of variables. */
export function joined(directories: readonly (string | undefined)[]): string {
  const windows = directories.some((directory) => /^[A-Za-z]:\\/.test(directory ?? ""));
  return directories.filter(Boolean).join(windows ? ";" : ":");
}
