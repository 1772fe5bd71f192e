import type { Project, WebSocketApi } from "../../definition/project.ts";
import { WsgwError } from "../../errors.ts";
import { mapValues } from "../../values/map-values.ts";

/** The command-line options that determine a definition's stack. */
export type Naming = {
  /** Default: the project's name; with a `stage` other than the definition's, name and stage. */
  readonly stackName?: string | undefined;
  /** Replaces the stage's name in the definition, whose APIs then have one stage each. */
  readonly stage?: string | undefined;
};

/** The name of the stack. Throws USAGE for a `stage` that would replace several stages. */
export function stackNameOf(project: Project, { stackName, stage }: Naming): string {
  const apis = Object.values(project.apis);
  const several = apis.find(({ stages }) => Object.keys(stages).length > 1);
  if (stage !== undefined && several !== undefined) {
    const names = Object.keys(several.stages).join(", ");
    const message = `--stage ${stage} cannot replace the stages of the API ${several.key}, which has several: ${names}. Omit --stage. For a separate stack, use --stack-name.`;
    throw new WsgwError("USAGE", message);
  }
  if (stackName !== undefined) return stackName;
  const isOther = stage !== undefined && apis.some(({ stages }) => !Object.hasOwn(stages, stage));
  return isOther ? `${project.name}-${stage}` : project.name;
}

/**
 * The definition as deployed. Its name, and those of its APIs, contain the stack's name. So two stacks of one
 * definition are distinguishable, and deleting the code of one never deletes the other's.
 */
export function deployedAs(project: Project, naming: Naming): Project {
  const name = stackNameOf(project, naming);
  const { stage } = naming;
  const apis = mapValues(project.apis, (api) => ({
    ...api,
    name: name === project.name ? api.name : apiNameIn(name, project, api),
    stages: stage === undefined ? api.stages : renamed(api, stage),
  }));
  return { ...project, name, apis };
}

function apiNameIn(stackName: string, { name }: Project, api: WebSocketApi): string {
  if (api.name === name) return stackName;
  const own = api.name.startsWith(`${name}-`) ? api.name.slice(name.length + 1) : api.name;
  return `${stackName}-${own}`;
}

function renamed({ stages }: WebSocketApi, name: string): WebSocketApi["stages"] {
  return Object.fromEntries(Object.values(stages).map((stage) => [name, { ...stage, name }]));
}
