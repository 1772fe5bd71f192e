import { resolve } from "node:path";
import { type LocalProject, localProject } from "../definition/local-project.ts";
import { regionFor } from "../definition/region.ts";
import { applyEnvFile, loadEnvFile } from "../readers/env-file.ts";
import { meaningsOf } from "./host-table.ts";
import { loadProject } from "./load-project.ts";
import { DEFAULT_ACCOUNT } from "./options.ts";

/** A project as its config file defines it. */
export type FoundProject = {
  readonly project: LocalProject;
  /** As the config file has it, with nothing checked or filled in. */
  readonly definition: unknown;
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
  /** Default: that of the definition, else of this process's environment, else `us-east-1`. */
  readonly region?: string | undefined;
};

/** Reads the definition of a project without starting anything. Throws a WsgwError with all its faults. */
export async function readProject(options: ProjectOptions): Promise<FoundProject> {
  const { cwd, config, envFile } = options;
  const variables = envFile === undefined ? {} : loadEnvFile(resolve(cwd, envFile));
  const loaded = await loadProject({ cwd, file: config, environment: variables });
  const { project, definition, root, configFile } = loaded;
  const { accountId = DEFAULT_ACCOUNT } = project;
  const region = regionFor(options.region, project.region, process.env);
  const adjusted = applyEnvFile(project, variables).project;
  const local = localProject(adjusted, meaningsOf({ root, region, accountId }));
  return { project: local, definition, root, configFile };
}
