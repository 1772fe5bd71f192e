import { fromDefinitionFolder } from "../../definition/local-project.ts";
import type { RootedProject } from "../../definition/project.ts";
import { type LoadedProject, loadProject } from "../../emulator/load-project.ts";
import { WsgwError } from "../../errors.ts";
import { loadConfig } from "../../readers/config/config-file.ts";
import { stringIn } from "../../values/json.ts";
import { openCloud } from "../aws/connect.ts";
import { deployedAs } from "../rules/deployed-project.ts";
import type { DeployFact, Question } from "./facts.ts";
import { asMistake, type Run, waitBeforeRetry } from "./run-context.ts";
import { createTiming, type Timing } from "./timing.ts";

/** Where a project's stack is: what every command about it takes. */
export type StackPlace = {
  readonly cwd: string;
  /** The config file, relative to `cwd`. */
  readonly config?: string;
  /** Default: the project's name; with a `stage` other than the definition's, name and stage. */
  readonly stackName?: string;
  /** In place of the stage's name in the definition. Not where an API has several. */
  readonly stage?: string;
  /** Default: the definition's, else AWS_REGION, AWS_DEFAULT_REGION or the profile's. */
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

export type OpenedProject = {
  /** As it is deployed: under the stack's name, with its stage. */
  readonly project: RootedProject;
  /** As its author wrote it. */
  readonly loaded: LoadedProject;
  readonly stackName: string;
  /** The place with what the definition says of it. */
  readonly place: StackPlace;
  /** Makes the definition the one that is deployed. */
  readonly adjust: (project: RootedProject) => RootedProject;
};

/** Reads the definition of the project that a stack is made from. */
export async function openProject(place: StackPlace): Promise<OpenedProject> {
  const loaded = await loadProject({ cwd: place.cwd, file: place.config, runsHooks: true });
  const adjust = (defined: RootedProject): RootedProject => deployedAs(defined, place);
  const project = adjust(fromDefinitionFolder(loaded.project));
  const { name: stackName, region } = project;
  return { project, loaded, stackName, place: within(place, region), adjust };
}

/** The place with the name and the region of its stack; the definition is read where the command line leaves one open. */
export async function findStack(
  place: StackPlace,
): Promise<StackPlace & { readonly stackName: string }> {
  const { stackName, region } = place;
  if (stackName === undefined) {
    const opened = await openProject(place);
    return { ...opened.place, stackName: opened.stackName };
  }
  return { ...within(place, region ?? (await definedRegion(place))), stackName };
}

function within(place: StackPlace, region: string | undefined): StackPlace {
  return region === undefined || place.region !== undefined ? place : { ...place, region };
}

/** The region of the definition, if there is one: a stack can be named from anywhere. */
async function definedRegion({ cwd, config }: StackPlace): Promise<string | undefined> {
  try {
    const { definition } = await loadConfig({ cwd, file: config });
    return stringIn(definition, "region");
  } catch (error) {
    const isNone = error instanceof WsgwError && error.code === "CONFIG_NOT_FOUND";
    if (isNone && config === undefined) return undefined;
    throw error;
  }
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
