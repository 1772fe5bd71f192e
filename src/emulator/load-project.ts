import { basename, relative } from "node:path";
import { type CheckedProject, checkProject } from "../definition/checks.ts";
import { type DefinitionOptions, readDefinition } from "../readers/load-definition.ts";
import type { DefinitionSource, LoadedDefinition } from "../readers/loaded-definition.ts";
import { parseRouteExpression } from "./apigateway/message/rules/route-expression.ts";
import { apiIdOf } from "./host-table.ts";
import { mayAllow } from "./iam/rules/roles.ts";
import { DEFAULT_ACCOUNT } from "./options.ts";

/** The project of a config file or template, checked, with its warnings. */
export type LoadedProject = CheckedProject & {
  /** As its author wrote it. */
  readonly definition: unknown;
  /** Folder of the definition. */
  readonly root: string;
  /** The file that defines it; absolute. */
  readonly configFile: string;
  readonly source: DefinitionSource;
  /** Where its state is kept; absolute. */
  readonly stateDir: string;
};

export type LoadOptions = Omit<DefinitionOptions, "apiIdOf" | "accountId" | "mayAllow">;

/** Loads what defines a project: a config file or a template. Nothing that it says is checked yet. */
export function loadDefinition(options: LoadOptions): Promise<LoadedDefinition> {
  return readDefinition({ ...options, accountId: DEFAULT_ACCOUNT, apiIdOf, mayAllow });
}

/** Loads what defines a project, and checks it. Throws a WsgwError with all its faults. */
export async function loadProject(options: LoadOptions): Promise<LoadedProject> {
  const { definition, file, root, source, stateDir } = await loadDefinition(options);
  const name = relative(options.cwd, file) || basename(file);
  const checked = checkProject(definition, name, { parseExpression: parseRouteExpression });
  return { ...checked, definition, root, configFile: file, source, stateDir };
}
