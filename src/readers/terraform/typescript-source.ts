import { dirname, join, parse, relative, resolve, sep } from "node:path";
import { isDirectory, isFile } from "../../bundle/directory-files.ts";

/**
 * Finds the nearest `tsconfig.json` of a file, with its source and output directories; undefined if it is
 * unreadable.
 */
export type TsconfigAbove = (file: string) =>
  | {
      readonly path: string;
      readonly outDir?: string | undefined;
      readonly rootDir?: string | undefined;
    }
  | undefined;

/**
 * The file or directory that `tsc` compiles to the given one, according to the nearest `tsconfig.json`;
 * itself without one. This is the current source, whenever it was last compiled.
 */
export function typescriptSource(
  compiled: string,
  handler: string,
  {
    inputs,
    tsconfigAbove,
  }: {
    readonly inputs: { add(file: string): void };
    readonly tsconfigAbove: TsconfigAbove;
  },
): string {
  const { path, outDir, rootDir } = tsconfigAbove(compiled) ?? {};
  if (path === undefined || outDir === undefined) return compiled;
  inputs.add(path);
  const directory = dirname(path);
  const [from, to] = [resolve(directory, rootDir ?? "src"), resolve(directory, outDir)];
  if (compiled !== to && !compiled.startsWith(`${to}${sep}`)) return compiled;
  const source = join(from, relative(to, compiled));
  const { dir, name, ext } = parse(source);
  const module = ext === "" ? join(source, handler.replace(/\.[^./]*$/, "")) : join(dir, name);
  const file = [".ts", ".mts", ".cts", ".tsx"].map((ending) => `${module}${ending}`).find(isFile);
  if (file === undefined) return compiled;
  return isDirectory(source) ? source : file;
}
