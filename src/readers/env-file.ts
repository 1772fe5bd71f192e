import util from "node:util";
import type { Project } from "../definition/project.ts";
import { namesIn } from "../definition/references.ts";
import { WsgwError } from "../errors.ts";
import { mapValues } from "../values/map-values.ts";
import { readTextFile } from "./text-file.ts";

/** Parses `NAME=value` lines with quotes and comments like `node --env-file`. */
export function loadEnvFile(path: string): Readonly<Record<string, string>> {
  const text = readTextFile(path, "ENV_FILE_UNREADABLE");
  const nul = text.indexOf("\0");
  if (nul >= 0) {
    const line = text.slice(0, nul).split("\n").length;
    const message = `${path}:${line}: a NUL character, which a variable cannot contain. Save the file as UTF-8.`;
    throw new WsgwError("ENV_FILE_UNREADABLE", message);
  }
  return { ...util.parseEnv(text) } as Record<string, string>;
}

/** A project with an env file's values, and the variables that were not applied. */
export type WithEnvFile = {
  readonly project: Project;
  /** Declared by no function. */
  readonly unused: readonly string[];
  /** The references that stay in the definition, by variable. */
  readonly kept: Readonly<Record<string, readonly string[]>>;
};

/**
 * Sets variables that functions declare in `environment` to the values of an env file. It adds none: a
 * variable outside the definition would be missing on AWS. A reference takes precedence over the file,
 * because tables, APIs and functions are local.
 */
export function applyEnvFile(
  project: Project,
  variables: Readonly<Record<string, string>>,
): WithEnvFile {
  const unused = new Set(Object.keys(variables));
  const kept: Record<string, readonly string[]> = {};
  const functions = mapValues(project.functions, (fn) => {
    const environment = mapValues(fn.environment, (value, variable) => {
      const replacement = variables[variable];
      if (replacement === undefined) return value;
      unused.delete(variable);
      const names = namesIn(value);
      if (names.length === 0) return replacement;
      kept[variable] = names;
      return value;
    });
    return { ...fn, environment };
  });
  return { project: { ...project, functions }, unused: [...unused], kept };
}

/** Warnings about an env file for its author. */
export function envFileWarnings(file: string, { unused, kept }: WithEnvFile): readonly string[] {
  const references = Object.entries(kept).map(([name, to]) => `${name} (${to.join(", ")})`);
  const reported: readonly (readonly [names: readonly string[], why: string])[] = [
    [unused, "but no function declares it in its environment. Handlers do not see it."],
    [references, "but the definition sets it by a reference. wsgw ignores the value in the file."],
  ];
  return reported.flatMap(([names, why]) =>
    names.length === 0 ? [] : `${file} sets ${names.join(", ")}, ${why}`,
  );
}
