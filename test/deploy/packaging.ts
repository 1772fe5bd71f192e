import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";
import type { ApiDefinition, FunctionDefinition } from "../../src/definition/project.ts";
import { type PackagedFunction, packageCode } from "../../src/deploy/package/package-code.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { projectOf } from "./apis.ts";

/** A definition with these functions, each of which has a route of its own. */
export function apiWith(
  functions: Readonly<Record<string, FunctionDefinition>>,
  more: Partial<ApiDefinition> = {},
): ApiDefinition {
  return {
    name: "chat",
    routeSelectionExpression: "$request.body.action",
    stage: { name: "v1" },
    functions,
    routes: Object.fromEntries(Object.keys(functions).map((name) => [name, { function: name }])),
    ...more,
  };
}

/** Packages the functions of a definition. */
export function packaged(
  root: string,
  definition: ApiDefinition,
): Promise<readonly PackagedFunction[]> {
  return packageCode({ project: projectOf(definition), root }).then(({ functions }) => functions);
}

/** Packages one function, which is called `fn`. */
export async function packagedOne(
  root: string,
  fn: FunctionDefinition,
  more: Partial<ApiDefinition> = {},
): Promise<PackagedFunction> {
  const [only] = await packaged(root, apiWith({ fn }, more));
  if (only === undefined) throw new Error("Nothing was packaged.");
  return only;
}

/** The contents of a zip as text, by path. */
export function contentsOf({
  zip,
}: Pick<PackagedFunction, "zip">): Readonly<Record<string, string>> {
  const decoder = new TextDecoder();
  return Object.fromEntries(
    Object.entries(unzipSync(zip)).map(([path, bytes]) => [path, decoder.decode(bytes)]),
  );
}

/** Unix modes of the entries of a zip, read from its central directory. */
export function modesOf({ zip }: Pick<PackagedFunction, "zip">): Readonly<Record<string, string>> {
  const bytes = Buffer.from(zip);
  const modes: Record<string, string> = {};
  const count = bytes.readUInt16LE(bytes.length - 22 + 10);
  let at = bytes.readUInt32LE(bytes.length - 22 + 16);
  for (let i = 0; i < count; i += 1) {
    const [name, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
    const path = bytes.toString("utf8", at + 46, at + 46 + (name ?? 0));
    modes[path] = (bytes.readUInt32LE(at + 38) >>> 16).toString(8);
    at += 46 + (name ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  return modes;
}

/** Unzips into a directory of its own, as Lambda does, with the modes of the entries. */
export function unzipped(functions: readonly PackagedFunction[]): string {
  const directory = temporaryDirectory();
  for (const fn of functions) {
    const modes = modesOf(fn);
    for (const [path, bytes] of Object.entries(unzipSync(fn.zip))) {
      const file = join(directory, fn.name, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes, { mode: Number.parseInt(modes[path] ?? "644", 8) & 0o777 });
    }
  }
  return directory;
}
