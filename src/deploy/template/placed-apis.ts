import type { Project, Stage, WebSocketApi } from "../../definition/project.ts";
import { apiLogicalId, apiPrefix, stagePrefix } from "./logical-ids.ts";

/** An API with what its logical ids begin with: nothing for the first one of a project. */
export type PlacedApi = {
  readonly api: WebSocketApi;
  readonly prefix: string;
  /** Its own. */
  readonly logicalId: string;
  /** The first one first. */
  readonly stages: readonly [PlacedStage, ...PlacedStage[]];
};

/** The first stage of an API begins like the API itself. */
type PlacedStage = Stage & { readonly prefix: string };

/**
 * The APIs of a project, the first one first. First APIs and first stages keep their logical ids when the project gets
 * another, so that nothing that clients use is replaced.
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

/** Whether a project has more than one API with one stage, whose parts then need no further name. */
export function hasSeveral({ apis }: Pick<Project, "apis">): boolean {
  const all = Object.values(apis);
  return all.length > 1 || all.some(({ stages }) => Object.keys(stages).length > 1);
}

/** Where the stages of an API are, in ARNs of `execute-api`: one of them by its name. */
export function stagesArn({ logicalId, stages }: PlacedApi, stage?: string): string {
  const name = stage ?? (stages.length === 1 ? stages[0].name : "*");
  return `arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${${logicalId}}/${name}`;
}
