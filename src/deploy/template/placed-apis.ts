import type { Project, Stage, WebSocketApi } from "../../definition/project.ts";
import { apiLogicalId, apiPrefix, stagePrefix } from "./logical-ids.ts";

/** An API with the prefix of its logical ids: empty for the first API of a project. */
export type PlacedApi = {
  readonly api: WebSocketApi;
  readonly prefix: string;
  /** Its own logical id. */
  readonly logicalId: string;
  /** The default stage is first. */
  readonly stages: readonly [PlacedStage, ...PlacedStage[]];
};

/** The first stage of an API has the prefix of the API itself. */
type PlacedStage = Stage & { readonly prefix: string };

/**
 * The APIs of a project, in order. The first API and stage keep their logical ids when the project gets
 * others, so that nothing that clients use is replaced.
 */
export function placedApis({ apis }: Pick<Project, "apis">): readonly PlacedApi[] {
  return Object.values(apis).map((api, at) => {
    const prefix = at === 0 ? "" : apiPrefix(api.key);
    const [first, ...others] = Object.values(api.stages);
    if (first === undefined) throw new Error("a checked API has a stage");
    const further = others.map((stage) => ({ ...stage, prefix: stagePrefix(prefix, stage.name) }));
    return {
      api,
      prefix,
      logicalId: apiLogicalId(prefix),
      stages: [{ ...first, prefix }, ...further],
    };
  });
}

/** Whether a project has more than one API with one stage, so that names need a prefix. */
export function hasSeveral({ apis }: Pick<Project, "apis">): boolean {
  const all = Object.values(apis);
  return all.length > 1 || all.some(({ stages }) => Object.keys(stages).length > 1);
}

/** The ARN of an API's stages in `execute-api`, or of one by its name. */
export function stagesArn({ logicalId, stages }: PlacedApi, stage?: string): string {
  const name = stage ?? (stages.length === 1 ? stages[0].name : "*");
  return `arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${${logicalId}}/${name}`;
}
