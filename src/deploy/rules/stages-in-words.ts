import type { Project } from "../../definition/project.ts";

/** For reports: the stage's name if the project has only one, else the names by API. */
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

/** The same as text: `stage v1`, or `chat v1, v2; orders live`. */
export function stagesInWords(project: Project): string {
  const { stage, apis = [] } = stagesIn(project);
  if (stage !== undefined) return `stage ${stage}`;
  return apis.map(({ name, stages }) => `${name} ${stages.join(", ")}`).join("; ");
}
