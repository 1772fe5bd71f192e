import { resolve } from "node:path";
import { type LocalProject, localProject } from "../definition/local-project.ts";
import { regionFor } from "../definition/region.ts";
import { applyEnvFile, loadEnvFile } from "../readers/env-file.ts";
import type { ProjectSource } from "../readers/load-definition.ts";
import { meaningsOf } from "./host-table.ts";
import { type LoadedProject, loadProject } from "./load-project.ts";
import { DEFAULT_ACCOUNT } from "./options.ts";

/** A project as defined by its config file or template. */
export type FoundProject = Omit<LoadedProject, "project" | "located"> & {
  readonly project: LocalProject;
};

export type ProjectOptions = ProjectSource & {
  /** Values for variables that functions declare, relative to `cwd`. */
  readonly envFile?: string;
  /** Default: the definition's, else that of this process's environment, else `us-east-1`. */
  readonly region?: string | undefined;
};

/** Reads the definition of a project without starting anything. Throws a WsgwError with all errors in it. */
export async function readProject(options: ProjectOptions): Promise<FoundProject> {
  const { cwd, envFile } = options;
  const variables = envFile === undefined ? {} : loadEnvFile(resolve(cwd, envFile));
  const loaded = await loadProject({
    ...options,
    environment: variables,
    regionFrom: process.env,
  });
  const { project, ...rest } = loaded;
  const { accountId = DEFAULT_ACCOUNT } = project;
  const region = regionFor(options.region, project.region, process.env);
  const adjusted = applyEnvFile(project, variables).project;
  const local = localProject(adjusted, meaningsOf({ root: rest.root, region, accountId }));
  return { ...rest, project: local };
}
