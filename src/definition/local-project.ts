import { createHash } from "node:crypto";
import { mapValues } from "../values/map-values.ts";
import type { ApiKey, Project } from "./checked-project.ts";
import { type Meanings, resolveReferences } from "./resolve.ts";

/** A project as it runs on this machine: without references, and with a value for every API key. */
export type LocalProject = Omit<Project, "region" | "accountId" | "apiKeys"> & {
  readonly region: string;
  readonly accountId: string;
  readonly apiKeys: Readonly<Record<string, LocalApiKey>>;
};

export type LocalApiKey = ApiKey & {
  readonly value: string;
  /** Whether the value was generated on this machine. */
  readonly isMadeHere: boolean;
};

export function localProject(
  project: Project,
  meanings: Meanings & { readonly root: string },
): LocalProject {
  const { region, accountId, root } = meanings;
  const apiKeys = mapValues(project.apiKeys, (key) => localApiKey(root, key));
  return { ...resolveReferences(project, meanings), region, accountId, apiKeys };
}

/** An API key with a value, which is always the same for a project. */
export function localApiKey(root: string, key: ApiKey): LocalApiKey {
  return {
    ...key,
    value: key.value ?? madeUpValue(`${root}\n${key.name}`),
    isMadeHere: key.value === undefined,
  };
}

/** 40 letters and digits, as API Gateway generates them. */
function madeUpValue(seed: string): string {
  const digest = createHash("sha512").update(`API key\n${seed}`).digest("base64");
  return digest.replace(/[^A-Za-z0-9]/g, "").slice(0, 40);
}
