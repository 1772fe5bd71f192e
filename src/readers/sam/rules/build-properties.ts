import { ESBUILD_LOADERS } from "../../../definition/esbuild-loaders.ts";
import type { FunctionBuildDefinition } from "../../../definition/parts.ts";
import { mapValues } from "../../../values/map-values.ts";
import type { Json } from "../../cloudformation/rules/origins.ts";
import { isObject, objectOf } from "../../cloudformation/rules/tree.ts";

/** The esbuild settings of a SAM function. */
export type BuildProperties = {
  readonly build: FunctionBuildDefinition;
  /** Files relative to the code's directory; empty if the handler names its file. */
  readonly entryPoints: readonly string[];
  /** Properties that may change the code's behaviour, and that wsgw does not support. */
  readonly unhonoured: readonly string[];
};

/**
 * The key in `Metadata` under which wsgw's readers note the entry file of a function whose handler does not
 * name it.
 */
export const ENTRY = "wsgw:entry";

/**
 * Reads `Metadata` of a function; undefined unless esbuild builds it. Ignores settings that affect only
 * packaging, such as `Minify`.
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-using-build-typescript.html
 */
export function readBuildProperties(metadata: Json | undefined): BuildProperties | undefined {
  if (!isObject(metadata) || metadata.BuildMethod !== "esbuild") return undefined;
  const written = objectOf(metadata.BuildProperties);
  const { Alias, Banner, Conditions, Define, EntryPoints, External, Footer, Format } = written;
  const loaders = Object.entries(pairsIn(written.Loader));
  const loader = Object.fromEntries(
    loaders.flatMap(([extension, name]) => {
      const known = ESBUILD_LOADERS.find((each) => each === name);
      return known === undefined ? [] : [[extension, known] as const];
    }),
  );
  const banner = pairsIn(Banner).js;
  const footer = pairsIn(Footer).js;
  const mainFields = textsIn(written.MainFields);
  const conditions = textsIn(Conditions);
  const external = textsIn(External);
  const inject = textsIn(written.Inject);
  const [alias, define] = [pairsIn(Alias), pairsIn(Define)];
  const { [ENTRY]: entry } = metadata;
  const build: FunctionBuildDefinition = {
    ...(typeof entry === "string" && { entry }),
    ...(Object.keys(loader).length > 0 && { loader }),
    ...(Object.keys(define).length > 0 && { define }),
    ...(Object.keys(alias).length > 0 && { alias }),
    ...(banner !== undefined && { banner }),
    ...(footer !== undefined && { footer }),
    ...(external.length > 0 && { external }),
    ...(inject.length > 0 && { inject }),
    ...(written.Packages === "external" && { packages: "external" }),
    ...(mainFields.length > 0 && { mainFields }),
    ...(conditions.length > 0 && { conditions }),
    ...(Format === "esm" && { format: "module" }),
    ...(Format === "cjs" && { format: "commonjs" }),
  };
  const unknown = loaders.filter(([extension]) => !Object.hasOwn(loader, extension));
  return {
    build,
    entryPoints: textsIn(EntryPoints),
    unhonoured: unknown.map(([extension, name]) => `Loader ${extension}=${name}`),
  };
}

/**
 * The handler relative to its entry file: esbuild writes the bundle of `src/app.ts` to where `app.handler`
 * finds it, below the common directory of all entry points.
 */
export function handlerOfEntry(handler: string, entryPoints: readonly string[]): string {
  const [, module = "", exported = ""] = /^(.*?[^/.][^/.]*)\.([^/]+)$/.exec(handler) ?? [];
  const entries = entryPoints.map(partsOf);
  const common = directoriesInCommon(entries);
  const wanted = partsOf(module).join("/");
  const entry = entries.find((each) => withoutExtension(each.slice(common).join("/")) === wanted);
  return entry === undefined ? handler : `${withoutExtension(entry.join("/"))}.${exported}`;
}

function partsOf(path: string): readonly string[] {
  return path.split("/").filter((part) => part !== "" && part !== ".");
}

/** Depth of the files' common directory. */
function directoriesInCommon(files: readonly (readonly string[])[]): number {
  const [first = [], ...others] = files.map((parts) => parts.slice(0, -1));
  const end = first.findIndex((part, at) => others.some((other) => other[at] !== part));
  return end < 0 ? first.length : end;
}

function withoutExtension(file: string): string {
  return file.replace(/\.[cm]?[jt]sx?$/, "");
}

/** `["a=b"]` or `{ a: "b" }` */
function pairsIn(value: Json | undefined): Readonly<Record<string, string>> {
  if (isObject(value)) {
    return mapValues(value, (each) => String(each));
  }
  const pairs = (typeof value === "string" ? [value] : textsIn(value)).flatMap((text) => {
    const at = text.indexOf("=");
    return at < 1 ? [] : [[text.slice(0, at), text.slice(at + 1)] as const];
  });
  return Object.fromEntries(pairs);
}

/** Arrays, or strings with commas. */
function textsIn(value: Json | undefined): readonly string[] {
  if (typeof value === "string") return value.split(",").map((text) => text.trim());
  return Array.isArray(value) ? value.map(String) : [];
}
