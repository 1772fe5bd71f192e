import type { RootedProject } from "../definition/project.ts";
import { resolveValues } from "../definition/references.ts";
import { stagesIn } from "./rules/deployed-project.ts";
import type { DeployResult, Prepared } from "./runs/deployment.ts";
import { prepareDeployment } from "./runs/prepare.ts";
import { runInSteps } from "./runs/run-context.ts";
import { deployStack } from "./runs/run-deploy.ts";
import {
  type OpenedProject,
  openProject,
  openRun,
  type RunControls,
  type StackPlace,
} from "./runs/run-open.ts";
import { functionLogicalId } from "./template/logical-ids.ts";

export type DeployOptions = StackPlace &
  RunControls & {
    /** A bucket that is there already. Default: one that wsgw keeps for itself. */
    readonly bucket?: string;
    /** Values of the template's parameters; those not given keep theirs. */
    readonly parameters?: Readonly<Record<string, string>>;
    /** Tags of the stack, added to those that it has. */
    readonly tags?: Readonly<Record<string, string>>;
    /** Only the functions' code, past CloudFormation; refused when anything else differs. */
    readonly codeOnly?: boolean;
    /** CloudFormation's EXPRESS mode: done when everything is configured, not when all of it is ready. */
    readonly express?: boolean;
  };

/**
 * Puts a project on AWS, by one CloudFormation stack. May be run again whatever became of an
 * earlier run. What CloudFormation could not do is a result of kind `failed`; a mistake in the project, the
 * options or the credentials is thrown as a WsgwError, with the stack as it was.
 */
export async function deploy(options: DeployOptions): Promise<DeployResult> {
  const { bucket, parameters = {}, codeOnly = false, express = false } = options;
  const opened = await openProject(options);
  const { project, stackName, place } = opened;
  const run = await openRun(place, stackName, options);
  // the checks let them refer to nothing but the region
  const defined = resolveValues(project.deploy.tags, () => run.cloud.region);
  const tags = { ...defined, ...options.tags };
  const hooks = Object.keys(project.hooks).sort();
  return runInSteps(
    run,
    { command: "deploy", stage: stagesIn(project).stage, codeOnly, express, tags, hooks },
    (steps) =>
      deployStack(run, steps, {
        bucket,
        parameters,
        tags,
        codeOnly,
        express,
        namedRoles: namedRoles(project),
        ownRoles: Object.values(project.functions).filter(({ role }) => role === undefined).length,
        gatewayLogs: project.deploy.logging !== undefined,
        prepare: () => prepare(opened, options),
      }),
    ({ kind }) => ["deployed", "unchanged", "code-updated"].includes(kind),
  );
}

async function prepare(
  { loaded, adjust }: OpenedProject,
  { report }: RunControls,
): Promise<Prepared> {
  const made = await prepareDeployment({ loaded, adjust, ...(report && { report }) });
  for (const message of made.warnings) report?.({ type: "warning", message });
  return {
    buildId: made.buildId,
    templateText: made.templateText,
    functions: made.packaged.map(({ name, key, zip }) => ({
      name,
      logicalId: functionLogicalId(name),
      key,
      zip,
    })),
  };
}

/** Roles that the stack does not make: by name, or by ARN, whose end is path and name. */
function namedRoles({ functions }: RootedProject): readonly string[] {
  const names = Object.values(functions).flatMap(({ role }) =>
    role === undefined ? [] : (role.split("/").at(-1) ?? role),
  );
  return [...new Set(names)].sort();
}
