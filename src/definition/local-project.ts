import { mapValues } from "../values/map-values.ts";
import type { Project, RootedProject } from "./model.ts";
import { type Meanings, resolveReferences } from "./resolve.ts";
import { fromCodeRoot } from "./runtimes.ts";

/** The project with its functions named from the folder of the definition, whatever their code roots. */
export function fromDefinitionFolder(project: Project): RootedProject {
  const functions = mapValues(project.functions, ({ root, ...fn }) => fromCodeRoot(root, fn));
  return { ...project, functions };
}

/** A project as it runs on this machine: without references, its functions named from the folder of the definition. */
export type LocalProject = Omit<RootedProject, "region" | "accountId"> & {
  readonly region: string;
  readonly accountId: string;
};

export function localProject(project: Project, meanings: Meanings): LocalProject {
  const { region, accountId } = meanings;
  return { ...fromDefinitionFolder(resolveReferences(project, meanings)), region, accountId };
}
