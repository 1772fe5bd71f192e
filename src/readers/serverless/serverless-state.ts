import { basename, dirname, join } from "node:path";
import { jsonIn } from "../../bundle/directory-files.ts";
import { fieldOf, stringIn } from "../../values/json.ts";

/** The stack name, region and stage of a template in `.serverless`. */
export type PackagedService = {
  readonly stackName: string | undefined;
  readonly region: string | undefined;
  readonly stage: string | undefined;
  /** The service with resolved variables. */
  readonly service: unknown;
};

/** The service that `serverless package` saved next to its template; undefined for other templates. */
export function packagedService(template: string): PackagedService | undefined {
  const directory = dirname(template);
  if (basename(directory) !== ".serverless") return undefined;
  // older versions save none
  const service = fieldOf(jsonIn(join(directory, "serverless-state.json")), "service");
  const provider = fieldOf(service, "provider");
  const [name, stage] = [stringIn(service, "service"), stringIn(provider, "stage")];
  const ofStage = name === undefined || stage === undefined ? undefined : `${name}-${stage}`;
  return {
    stackName: stringIn(provider, "stackName") ?? ofStage,
    region: stringIn(provider, "region"),
    stage,
    service,
  };
}
