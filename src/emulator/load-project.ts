import { basename, relative } from "node:path";
import { type CheckedProject, checkProject } from "../definition/checks.ts";
import { type DefinitionOptions, readDefinition } from "../readers/load-definition.ts";
import type { DefinitionSource, LoadedDefinition } from "../readers/loaded-definition.ts";
import { parseRouteExpression } from "./apigateway/message/rules/route-expression.ts";
import { mayAllow } from "./iam/rules/function-role.ts";
import { apiIdOf } from "./local-ids.ts";
import { DEFAULT_ACCOUNT } from "./options.ts";

/** A checked project from a config file or template, with its warnings. */
export type LoadedProject = CheckedProject & {
  /** As written by its author. */
  readonly definition: unknown;
  /** Directory of the definition, to which handlers are relative. */
  readonly root: string;
  /** Absolute path of its defining file. */
  readonly configFile: string;
  readonly source: DefinitionSource;
  /** Absolute path of its state directory. */
  readonly stateDir: string;
};

export type LoadOptions = Omit<DefinitionOptions, "apiIdOf" | "accountId" | "mayAllow">;

/** Loads the definition of a project: a config file or a template. Does not check it. */
export function loadDefinition(options: LoadOptions): Promise<LoadedDefinition> {
  return readDefinition({ ...options, accountId: DEFAULT_ACCOUNT, apiIdOf, mayAllow });
}

/** Loads and checks the definition of a project. Throws a WsgwError with all errors in it. */
export async function loadProject(options: LoadOptions): Promise<LoadedProject> {
  const { definition, file, root, source, stateDir } = await loadDefinition(options);
  const name = relative(options.cwd, file) || basename(file);
  const checked = checkProject(definition, name, { parseExpression: parseRouteExpression });
  return { ...checked, definition, root, configFile: file, source, stateDir };
}
