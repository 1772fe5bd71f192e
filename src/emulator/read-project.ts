import { relative, resolve } from "node:path";
import { checkApi } from "../definition/checks.ts";
import type { Api } from "../definition/project.ts";
import { loadConfig } from "../readers/config/config-file.ts";
import { applyEnvFile, loadEnvFile } from "../readers/env-file.ts";
import { parseRouteExpression } from "./apigateway/message/rules/route-expression.ts";

/** The API of a project, as its config file defines it. */
export type Project = {
  readonly api: Api;
  /** The config file's folder, from which handlers are named. */
  readonly root: string;
  readonly configFile: string;
};

export type ProjectOptions = {
  /** Folder to look for the config file in, and upwards of it. */
  readonly cwd: string;
  /** The config file, relative to `cwd`. */
  readonly config?: string;
  /** Values for variables that functions declare, relative to `cwd`. */
  readonly envFile?: string;
};

/** Reads the definition of a project without starting anything. Throws a WsgwError with all its faults. */
export async function readProject(options: ProjectOptions): Promise<Project> {
  const { cwd, config, envFile } = options;
  const variables = envFile === undefined ? {} : loadEnvFile(resolve(cwd, envFile));
  const { definition, file, root } = await loadConfig({
    cwd,
    file: config,
    environment: variables,
  });
  const { api } = checkApi(definition, relative(cwd, file) || file, {
    parseExpression: parseRouteExpression,
  });
  return { api: applyEnvFile(api, variables).api, root, configFile: file };
}
