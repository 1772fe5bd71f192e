import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import type { LocalProject } from "../definition/local-project.ts";
import type { ApiFunction, Project } from "../definition/project.ts";
import { whyNotRead } from "../errors/in-words.ts";
import { WsgwError } from "../errors.ts";

/** Reads `NAME=value` lines, with quotes and comments as `node --env-file` takes them. */
export function loadEnvFile(path: string): Readonly<Record<string, string>> {
  try {
    return { ...parseEnv(readFileSync(path, "utf8").replace(/^\uFEFF/, "")) } as Record<
      string,
      string
    >;
  } catch (cause) {
    const message = `${path} cannot be read: ${whyNotRead(cause, path)}.`;
    throw new WsgwError("ENV_FILE_UNREADABLE", message, { cause });
  }
}

/** A project with an env file's values, and the names in the file that changed nothing. */
export type WithEnvFile = { readonly project: LocalProject; readonly unused: readonly string[] };

/**
 * Gives variables that functions declare in `environment` the values of an env file. It declares none
 * by itself: what a function has here but not in its definition would be missing on AWS. Variables
 * that hold the name of a table stay as they are, for the tables are those of this machine.
 */
export function applyEnvFile(
  project: LocalProject,
  variables: Readonly<Record<string, string>>,
): WithEnvFile {
  const used = new Set<string>();
  const functions = Object.entries(project.functions).map(([name, fn]) => {
    const environment = Object.entries(fn.environment).map(([variable, value]) => {
      const replacement = variables[variable];
      if (replacement === undefined || holdsTableName(project, fn, variable))
        return [variable, value];
      used.add(variable);
      return [variable, replacement];
    });
    return [name, { ...fn, environment: Object.fromEntries(environment) }];
  });
  return {
    project: { ...project, functions: Object.fromEntries(functions) },
    unused: Object.keys(variables).filter((name) => !used.has(name)),
  };
}

function holdsTableName(
  { tables }: Pick<Project, "tables">,
  fn: ApiFunction,
  variable: string,
): boolean {
  return Object.values(tables).some(
    (table) => table.environmentVariable === variable && table.functions.includes(fn.name),
  );
}
