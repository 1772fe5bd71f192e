import type { Project } from "./model.ts";
import { type Meanings, resolveReferences } from "./resolve.ts";

/** A project as it runs on this machine: without references. */
export type LocalProject = Omit<Project, "region" | "accountId"> & {
  readonly region: string;
  readonly accountId: string;
};

export function localProject(project: Project, meanings: Meanings): LocalProject {
  const { region, accountId } = meanings;
  return { ...resolveReferences(project, meanings), region, accountId };
}
