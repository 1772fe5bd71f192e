import type { Project, WebSocketApi } from "../../definition/project.ts";
import { WsgwError } from "../../errors.ts";
import { mapValues } from "../../values/map-values.ts";

/** What a command line says about where a definition goes. */
export type Naming = {
  /** Default: the project's name; with a `stage` other than the definition's, name and stage. */
  readonly stackName?: string | undefined;
  /** In place of the stages' name in the definition, whose APIs then have one stage each. */
  readonly stage?: string | undefined;
};

/** Throws USAGE for a `stage` that would have to take the place of several. */
export function stackNameOf(project: Project, { stackName, stage }: Naming): string {
  const apis = Object.values(project.apis);
  const several = apis.find(({ stages }) => Object.keys(stages).length > 1);
  if (stage !== undefined && several !== undefined) {
    const names = Object.keys(several.stages).join(", ");
    const message = `--stage ${stage} cannot replace the stages of the API ${several.key}, which has several: ${names}. Leave --stage out; --stack-name makes a stack of its own.`;
    throw new WsgwError("USAGE", message);
  }
  if (stackName !== undefined) return stackName;
  const isOther = stage !== undefined && apis.some(({ stages }) => !Object.hasOwn(stages, stage));
  return isOther ? `${project.name}-${stage}` : project.name;
}

/**
 * The definition as it is deployed. It has the name of its stack, and its APIs have it in theirs, so that two stacks of
 * one definition can be told apart, and the code of one is never deleted with the other.
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

/** For reports: the name of the stage of a project that has one in all, else the names of those of each API. */
export function stagesIn({ apis }: Project): {
  readonly stage?: string;
  readonly apis?: readonly { readonly name: string; readonly stages: readonly string[] }[];
} {
  const all = Object.values(apis).map(({ key, stages }) => ({
    name: key,
    stages: Object.keys(stages),
  }));
  const [stage, ...others] = all.flatMap(({ stages }) => stages);
  return stage !== undefined && others.length === 0 ? { stage } : { apis: all };
}

/** The same in words: `stage v1`, or `chat v1, v2; orders live`. */
export function stagesInWords(project: Project): string {
  const { stage, apis = [] } = stagesIn(project);
  if (stage !== undefined) return `stage ${stage}`;
  return apis.map(({ name, stages }) => `${name} ${stages.join(", ")}`).join("; ");
}
