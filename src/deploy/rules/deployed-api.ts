import type { Api } from "../../definition/project.ts";

/** What a command line says about where a definition goes. */
export type Naming = {
  /** Default: the API's name; with a `stage` other than the definition's, name and stage. */
  readonly stackName?: string | undefined;
  /** In place of the stage's name in the definition. */
  readonly stage?: string | undefined;
};

export function stackNameOf(api: Api, { stackName, stage }: Naming): string {
  if (stackName !== undefined) return stackName;
  return stage === undefined || stage === api.stage.name ? api.name : `${api.name}-${stage}`;
}

/**
 * The definition as it is deployed. The API has the name of its stack, so that two stacks of one
 * definition can be told apart, and the code of one is never deleted with the other.
 */
export function deployedAs(api: Api, naming: Naming): Api {
  return {
    ...api,
    name: stackNameOf(api, naming),
    stage: { ...api.stage, name: naming.stage ?? api.stage.name },
  };
}
