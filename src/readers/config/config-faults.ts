import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { dirname, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { BuildFailure } from "esbuild";
import { adviceOn } from "../../bundle/advice.ts";
import { importCandidates } from "../../bundle/import-candidates.ts";
import { HINTS, WsgwError } from "../../errors.ts";
import type { Failed } from "./default-export.ts";

/** The location of a bundled config's code. */
export type Bundled = {
  readonly url: string;
  /** Source map, as JSON. */
  readonly map: string;
  /** The directory to which sources in the map are relative. */
  readonly directory: string;
  /** The author's files in it. */
  readonly inputs: readonly string[];
};

/** esbuild's errors with file, line, column and the source line. */
export function buildFailed(
  directory: string,
  failure: BuildFailure,
  reads: Iterable<string>,
): WsgwError {
  const faults = failure.errors.map(({ text, location }) =>
    location === null
      ? text
      : located(
          { ...location, file: resolve(directory, location.file), column: location.column + 1 },
          text,
        ),
  );
  const missing = failure.errors.flatMap(({ text, location }) => {
    const request = /^Could not resolve "(\.[^"]*)"/.exec(text)?.[1];
    if (request === undefined || location === null) return [];
    return importCandidates(resolve(directory, dirname(location.file), request));
  });
  const failureInputs = { read: [...reads], missing };
  const advice = failure.errors.map((one) =>
    one.text.startsWith("No loader") // esbuild's settings exist only for handlers
      ? "Read the file with readFileSync instead of importing it."
      : (adviceOn(one) ?? HINTS.CONFIG_UNREADABLE),
  );
  const hint = [...new Set(advice)].join("\n");
  return new WsgwError("CONFIG_UNREADABLE", faults.join("\n"), {
    cause: failure,
    failureInputs,
    hint,
  });
}

/** The error of a config without a definition: what its code threw, with the line. */
export function failedIn(file: string, failed: Failed, bundle: Bundled | undefined): WsgwError {
  const failureInputs = { read: bundle?.inputs ?? [file], missing: [] };
  if (failed.kind === "mistake") {
    const { message, hint = HINTS.CONFIG_UNREADABLE } = failed;
    return new WsgwError("CONFIG_UNREADABLE", message, { failureInputs, hint });
  }
  const { thrown, cause } = failed;
  // "Cannot find package … imported from …" names the bundle, which users do not know
  const text =
    bundle === undefined ? thrown.text : thrown.text.replaceAll(fileURLToPath(bundle.url), file);
  const place = placeIn(thrown.stack, file, bundle);
  const message = place === undefined ? `${file}: ${text}` : located(place, text);
  const missing = /^Cannot find (?:package|module) '([^']+)'/.exec(text.replace(/^\w+: /, ""))?.[1];
  const hint =
    missing === undefined
      ? "The config's own code throws this error. Correct it there."
      : adviceOn({ text: `Could not resolve "${missing}"` });
  return new WsgwError("CONFIG_UNREADABLE", message, { cause, failureInputs, hint });
}

type Place = {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
  readonly lineText: string;
};

function located({ file, line, column, lineText }: Place, text: string): string {
  return `${file}:${line}:${column}: ${text}\n    ${lineText.trim()}`;
}

function placeIn(stack: string, file: string, bundle: Bundled | undefined): Place | undefined {
  const frame = stack
    .split("\n")
    .find((line) => line.includes(bundle?.url ?? file) || line.includes(pathToFileURL(file).href));
  const [line, column] =
    /:(\d+):(\d+)\)?$/
      .exec(frame ?? "")
      ?.slice(1)
      .map(Number) ?? [];
  if (line === undefined || column === undefined) return undefined;
  if (bundle === undefined) return withText(file, line, column);

  const entry = new SourceMap(JSON.parse(bundle.map)).findEntry(line - 1, column - 1);
  if (!("originalSource" in entry)) return undefined;
  return withText(
    resolve(bundle.directory, entry.originalSource),
    entry.originalLine + 1,
    entry.originalColumn + 1,
  );
}

function withText(file: string, line: number, column: number): Place | undefined {
  try {
    return { file, line, column, lineText: readFileSync(file, "utf8").split("\n")[line - 1] ?? "" };
  } catch {
    return undefined; // a source that is not a file, such as a data URL
  }
}
