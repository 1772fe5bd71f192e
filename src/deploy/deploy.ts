import type { Api } from "../definition/project.ts";
import { resolveValues } from "../definition/references.ts";
import { WsgwError } from "../errors.ts";
import type { DeployResult, Prepared } from "./runs/deployment.ts";
import { prepareDeployment } from "./runs/prepare.ts";
import { runInSteps } from "./runs/run-context.ts";
import { deployStack } from "./runs/run-deploy.ts";
import {
  openProject,
  openRun,
  type Project,
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
 * Puts the API of a project on AWS, by one CloudFormation stack. May be run again whatever became of an
 * earlier run. What CloudFormation could not do is a result of kind `failed`; a mistake in the project, the
 * options or the credentials is thrown as a WsgwError, with the stack as it was.
 */
export async function deploy(options: DeployOptions): Promise<DeployResult> {
  const { bucket, parameters = {}, codeOnly = false, express = false } = options;
  const project = await openProject(options);
  const { api, stackName } = project;
  const run = await openRun(options, stackName, options);
  const tags = { ...tagsOf(api, run.cloud.region), ...options.tags };
  const hooks = Object.keys(api.hooks).sort();
  return runInSteps(
    run,
    { command: "deploy", stage: api.stage.name, codeOnly, express, tags, hooks },
    (steps) =>
      deployStack(run, steps, {
        bucket,
        parameters,
        tags,
        codeOnly,
        express,
        namedRoles: namedRoles(api),
        ownRoles: Object.values(api.functions).filter(({ role }) => role === undefined).length,
        gatewayLogs: api.deploy.logging !== undefined,
        prepare: () => prepare(project, options),
      }),
    ({ kind }) => ["deployed", "unchanged", "code-updated"].includes(kind),
  );
}

async function prepare(project: Project, { report }: RunControls): Promise<Prepared> {
  const { definition, root, source, adjust } = project;
  const made = await prepareDeployment({
    definition,
    root,
    source,
    adjust,
    ...(report === undefined ? {} : { report }),
  });
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
function namedRoles(api: Api): readonly string[] {
  const names = Object.values(api.functions).flatMap(({ role }) =>
    role === undefined ? [] : (role.split("/").at(-1) ?? role),
  );
  return [...new Set(names)].sort();
}

/** The tags of the stack itself, which CloudFormation takes as they are. */
function tagsOf({ deploy }: Api, region: string): Readonly<Record<string, string>> {
  return resolveValues(deploy.tags, (name) => {
    if (name === "region") return region;
    throw new WsgwError(
      "NOT_DEPLOYABLE",
      `deploy.tags: a tag of a stack cannot refer to ${name}; write the value, or refer to the region.`,
    );
  });
}
