import { basename, relative } from "node:path";
import { checkApi } from "../../definition/checks.ts";
import type { Api } from "../../definition/project.ts";
import { parseRouteExpression } from "../../emulator/apigateway/message/rules/route-expression.ts";
import { loadConfig } from "../../readers/config/config-file.ts";
import { openCloud } from "../aws/connect.ts";
import { deployedAs, stackNameOf } from "../rules/deployed-api.ts";
import type { DeployFact, Question } from "./facts.ts";
import { asMistake, type Run, waitBeforeRetry } from "./run-context.ts";
import { createTiming, type Timing } from "./timing.ts";

/** Where a project's stack is: what every command about it takes. */
export type StackPlace = {
  readonly cwd: string;
  /** The config file, relative to `cwd`. */
  readonly config?: string;
  /** Default: the API's name; with a `stage` other than the definition's, name and stage. */
  readonly stackName?: string;
  /** In place of the stage's name in the definition. */
  readonly stage?: string;
  readonly region?: string;
  readonly profile?: string;
  /** One URL for all services, in place of AWS's own. It is given no credentials but made-up ones. */
  readonly endpointUrl?: string;
  /** The variables of the shell. */
  readonly env: Readonly<Record<string, string | undefined>>;
};

/** How a run speaks with whoever started it. */
export type RunControls = {
  readonly report?: (fact: DeployFact) => void;
  /** Asked before something is made or lost that the person may not expect. */
  readonly confirm: (question: Question) => Promise<boolean>;
  /** Aborted when the person does not want to watch any more. */
  readonly signal?: AbortSignal;
  readonly timing?: Timing;
};

export type Project = {
  readonly api: Api;
  readonly definition: unknown;
  /** Folder of the definition. */
  readonly root: string;
  /** The file of the definition, as its author would name it. */
  readonly source: string;
  readonly stackName: string;
  /** The definition as it is deployed: under the stack's name, with its stage. */
  readonly adjust: (api: Api) => Api;
};

/** Reads the definition of the project that a stack is made from. */
export async function openProject(place: StackPlace): Promise<Project> {
  const { cwd, config } = place;
  const { definition, file, root } = await loadConfig({ cwd, file: config });
  const source = relative(cwd, file) || basename(file);
  const { api } = checkApi(definition, source, { parseExpression: parseRouteExpression });
  const adjust = (checked: Api): Api => deployedAs(checked, place);
  const stackName = stackNameOf(api, place);
  return { api: adjust(api), definition, root, source, stackName, adjust };
}

/** The name of the stack; the definition is read only where nothing else tells it. */
export async function findStackName(place: StackPlace): Promise<string> {
  return place.stackName ?? (await openProject(place)).stackName;
}

/** Looks something up about a stack, without a question and to the end. */
export async function lookUp<T>(
  place: StackPlace,
  stackName: string,
  work: (run: Run) => Promise<T>,
): Promise<T> {
  try {
    return await work(await openRun(place, stackName, { confirm: async () => false }));
  } catch (error) {
    throw asMistake(error);
  }
}

/** Begins a run on a stack. */
export async function openRun(
  place: StackPlace,
  stackName: string,
  controls: RunControls,
): Promise<Run> {
  const { confirm, report = () => {}, timing = createTiming() } = controls;
  const { signal = new AbortController().signal } = controls;
  const run = { stackName, timing, report, signal };
  const cloud = await openCloud({ ...place, beforeRetry: waitBeforeRetry(run) });
  return { ...run, cloud, confirm };
}
