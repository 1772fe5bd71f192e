import type { Project } from "../../definition/project.ts";
import { DEFAULT_REGION } from "../../definition/region.ts";
import { type LoadedProject, loadDefinition, loadProject } from "../../emulator/load-project.ts";
import { WsgwError } from "../../errors.ts";
import {
  type FoundProject,
  findProject,
  type ProjectSource,
} from "../../readers/load-definition.ts";
import { chosenStackName } from "../../readers/rules/option-precedence.ts";
import { stringIn } from "../../values/json.ts";
import { openCloud } from "../aws/connect.ts";
import { deployedAs } from "../rules/stack-name.ts";
import { rejectOwnDeployment } from "./deployed-by-own-tool.ts";
import type { DeployFact, Question } from "./facts.ts";
import { asMistake, type Run, waitBeforeRetry } from "./run-context.ts";
import { createTiming, type Timing } from "./timing.ts";

/** The options that determine the file of a project. */
export type ConfiguredBy = Pick<ProjectSource, "cwd" | "config" | "template" | "configEnv">;

/** The options of every command about a stack. */
export type StackPlace = ConfiguredBy & {
  /** Default: the project's name; with a `stage` other than the definition's, name and stage. */
  readonly stackName?: string;
  /** Replaces the stage's name in the definition. Not if an API has several. */
  readonly stage?: string;
  /** Default: the definition's, else AWS_REGION, AWS_DEFAULT_REGION or the profile's. */
  readonly region?: string;
  readonly profile?: string;
  /** One URL for all services, instead of AWS's own. It receives only dummy credentials. */
  readonly endpointUrl?: string;
  /** The environment variables of the shell. */
  readonly env: Readonly<Record<string, string | undefined>>;
};

/** How a run communicates with its caller. */
export type RunControls = {
  readonly report?: (fact: DeployFact) => void;
  /** Asked before something unexpected is created or lost. */
  readonly confirm: (question: Question) => Promise<boolean>;
  /** Aborted when the user does not want to wait any more. */
  readonly signal?: AbortSignal;
  readonly timing?: Timing;
};

export type OpenedProject = {
  /** As deployed: with the stack's name and stage. */
  readonly project: Project;
  /** As written by its author. */
  readonly loaded: LoadedProject;
  readonly stackName: string;
  /** The place completed from the definition. */
  readonly place: StackPlace;
  /** Changes the definition to the deployed one. */
  readonly adjust: (project: Project) => Project;
};

/** Reads the definition of a stack's project. */
export async function openProject(place: StackPlace): Promise<OpenedProject> {
  const loaded = await loadProject({ ...sourceOf(place), runsHooks: true });
  const adjust = (defined: Project): Project => deployedAs(defined, place);
  const project = adjust(loaded.project);
  const { name: stackName, region } = project;
  return { project, loaded, stackName, place: within(place, region), adjust };
}

/** The options for the file, without those for the stack. */
export function sourceOf({ cwd, config, template, configEnv }: ConfiguredBy): ConfiguredBy {
  return { cwd, config, template, configEnv };
}

/**
 * The place with name and region of its stack. Reads the definition if the command line leaves one of them
 * open; for a template it reads `samconfig.toml`.
 */
export async function findStack(
  place: StackPlace,
): Promise<StackPlace & { readonly stackName: string }> {
  const { stackName, region } = place;
  if (stackName !== undefined && region !== undefined) return { ...place, stackName };
  const found = await projectAt(place);
  if (found?.kind === "template") {
    const { sam } = found;
    const name = chosenStackName({ commandLine: place, ownTool: undefined, samconfig: sam });
    if (name !== undefined) return { ...within(place, sam?.region), stackName: name };
    throw new WsgwError("USAGE", "Which stack? Set it with --stack-name, or in samconfig.toml.");
  }
  if (found !== undefined && stackName === undefined) rejectOwnDeployment(found, place.cwd);
  if (stackName === undefined) {
    const opened = await openProject(place);
    return { ...opened.place, stackName: opened.stackName };
  }
  const defined = found === undefined ? undefined : await loadDefinition(sourceOf(place));
  return { ...within(place, stringIn(defined?.definition, "region")), stackName };
}

function within(place: StackPlace, region: string | undefined): StackPlace {
  return region === undefined || place.region !== undefined ? place : { ...place, region };
}

const NONE: readonly string[] = [
  "CONFIG_NOT_FOUND",
  "DEFINITION_AMBIGUOUS",
  "DEFINITION_UNSUPPORTED",
];

/** The project's definition, if any: a stack can be named from anywhere. */
async function projectAt({ stackName, ...place }: StackPlace): Promise<FoundProject | undefined> {
  try {
    return await findProject(sourceOf(place));
  } catch (error) {
    const isNone = error instanceof WsgwError && NONE.includes(error.code);
    const isOpen = place.config === undefined && place.template === undefined;
    if (isNone && isOpen && stackName !== undefined) return undefined;
    throw error;
  }
}

/** Looks up something about a stack, without questions. */
export async function lookUp<T>(
  place: StackPlace,
  stackName: string,
  work: (run: Run) => Promise<T>,
): Promise<T> {
  try {
    return await work(await openToRead(place, stackName, {}));
  } catch (error) {
    throw asMistake(error);
  }
}

/** Starts a read-only run; its default region is that of `wsgw dev`. */
export function openToRead(
  place: StackPlace,
  stackName: string,
  controls: Omit<RunControls, "confirm">,
): Promise<Run> {
  const from = { ...place, elseRegion: DEFAULT_REGION };
  return openRun(from, stackName, { ...controls, confirm: async () => false });
}

/** Starts a run on a stack. */
export async function openRun(
  place: StackPlace & { readonly elseRegion?: string },
  stackName: string,
  controls: RunControls,
): Promise<Run> {
  const { confirm, report = () => {}, timing = createTiming() } = controls;
  const { signal = new AbortController().signal } = controls;
  const run = { stackName, timing, report, signal };
  const cloud = await openCloud({ ...place, beforeRetry: waitBeforeRetry(run) });
  return { ...run, cloud, confirm };
}
