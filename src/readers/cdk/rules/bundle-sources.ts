import { fieldOf, isObject, parseJson, stringIn } from "../../../values/json.ts";

/** The source files of an esbuild bundle. Paths are as esbuild writes them. */
export type BundleContents = {
  /** Whether paths are relative to esbuild's working directory or to the bundle. */
  readonly from: "project" | "bundle";
  /** In the bundle's order, including packages. */
  readonly files: readonly string[];
  /** Undefined if the bundle does not identify it. */
  readonly entry: string | undefined;
};

export type BundleTexts = {
  /** The bundle itself. */
  readonly code: string;
  /** Its source map, if that is a separate file. */
  readonly map: string | undefined;
  readonly metafile: string | undefined;
};

/**
 * The contents of a bundle, from its metafile, else its source map, else esbuild's comments; undefined if it
 * has none of them.
 */
export function contentsOf({ code, map, metafile }: BundleTexts): BundleContents | undefined {
  const byMetafile = metafile === undefined ? undefined : inMetafile(metafile);
  if (byMetafile !== undefined) return byMetafile;
  const sources = sourcesIn(map ?? inlineMap(code));
  if (sources.length > 0) return { from: "bundle", files: sources, entry: undefined };
  const named = [...code.matchAll(COMMENT)].map(([, path = ""]) => path);
  const files = [...new Set(named)];
  return files.length === 0 ? undefined : { from: "project", files, entry: undefined };
}

/** esbuild marks the start of each file unless it minifies. */
const COMMENT = /^ *\/\/ (\S.*\.(?:[cm]?[jt]s|[jt]sx|json))$/gm;

function inMetafile(text: string): BundleContents | undefined {
  const json = parseJson(text)?.value;
  const [inputs, outputs] = [fieldOf(json, "inputs"), fieldOf(json, "outputs")];
  if (!isObject(inputs) || !isObject(outputs)) return undefined;
  const entries = Object.values(outputs).flatMap((output) => stringIn(output, "entryPoint") ?? []);
  return { from: "project", files: Object.keys(inputs), entry: entries[0] };
}

function sourcesIn(map: string | undefined): readonly string[] {
  const sources = map === undefined ? undefined : fieldOf(parseJson(map)?.value, "sources");
  return Array.isArray(sources) ? sources.filter((each) => typeof each === "string") : [];
}

const INLINE = /\/\/# sourceMappingURL=data:application\/json;base64,([A-Za-z\d+/=]+)\s*$/;

function inlineMap(code: string): string | undefined {
  const [, encoded] = INLINE.exec(code) ?? [];
  return encoded === undefined ? undefined : Buffer.from(encoded, "base64").toString();
}

/** Whether esbuild needs a loader, which only the app knows, for a source file: it is neither a script nor JSON. */
export function needsLoader(file: string): boolean {
  return !/\.([cm]?[jt]sx?|json)$/.test(file);
}

/** Whether a source file may export a name. */
export function mayExport(code: string, name: string): boolean {
  const word = name.replace(/\$/g, "\\$&");
  return new RegExp(
    `\\bexports?\\b[^;]{0,2000}?(?<![\\w$])${word}(?![\\w$])|\\bexport\\s*\\*`,
  ).test(code);
}
