import { mapValues } from "../values/map-values.ts";
import type { Project } from "./checked-project.ts";
import { type LocalApiKey, localApiKey } from "./generated-api-key.ts";
import { type Meanings, resolveReferences } from "./resolve.ts";

/** A project as it runs on this machine: without references, and with a value for every API key. */
export type LocalProject = Omit<Project, "region" | "accountId" | "apiKeys"> & {
  readonly region: string;
  readonly accountId: string;
  readonly apiKeys: Readonly<Record<string, LocalApiKey>>;
};

export function localProject(
  project: Project,
  meanings: Meanings & { readonly root: string },
): LocalProject {
  const { region, accountId, root } = meanings;
  const apiKeys = mapValues(project.apiKeys, (key) => localApiKey(root, key));
  return { ...resolveReferences(project, meanings), region, accountId, apiKeys };
}
