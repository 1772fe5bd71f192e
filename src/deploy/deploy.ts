import type { Project } from "../definition/project.ts";
import { resolveValues } from "../definition/references.ts";
import { WsgwError } from "../errors.ts";
import { stagesIn } from "./rules/deployed-project.ts";
import type { DeployResult, Prepared } from "./runs/deployment.ts";
import { prepareDeployment } from "./runs/prepare.ts";
import {
  type OpenedTemplate,
  openTemplate,
  prepareTemplate,
  refuseStage,
} from "./runs/prepare-template.ts";
import { runInSteps } from "./runs/run-context.ts";
import { deployStack } from "./runs/run-deploy.ts";
import {
  findStack,
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
 * Puts a project on AWS, by one CloudFormation stack; a template of its own goes there as it is. May be run again whatever became of an
 * earlier run. What CloudFormation could not do is a result of kind `failed`; a mistake in the project, the
 * options or the credentials is thrown as a WsgwError, with the stack as it was.
 */
export async function deploy(options: DeployOptions): Promise<DeployResult> {
  const template = await openTemplate(options);
  if (template !== undefined) return deployTemplate(template, options);
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
        logsBy: logsOf(project),
        prepare: () => prepare(opened, options),
      }),
    isDone,
  );
}

/** What has API Gateway write logs, which begins a sentence; undefined where nothing does. */
function logsOf({ deploy, apis }: Project): string | undefined {
  if (deploy.logging !== undefined) return "deploy.logging is set";
  const logged = Object.values(apis)
    .flatMap(({ stages }) => Object.values(stages))
    .find(({ accessLog, executionLog }) => accessLog ?? executionLog);
  return logged && `stage "${logged.name}" has a log`;
}

function isDone({ kind }: { readonly kind: string }): boolean {
  return ["deployed", "unchanged", "code-updated"].includes(kind);
}

/** The template as it is, with what it has on this disk in the bucket. */
async function deployTemplate(
  template: OpenedTemplate,
  options: DeployOptions,
): Promise<DeployResult> {
  const { bucket, parameters = {}, tags = {}, express = false, report = () => {} } = options;
  refuseStage(options.stage);
  if (options.codeOnly === true) {
    throw new WsgwError(
      "USAGE",
      "--code-only goes with a config file. Deploy the template without it: what has not changed stays as it is.",
    );
  }
  const { stackName, ...place } = await findStack(options);
  const run = await openRun(place, stackName, options);
  const { region } = run.cloud;
  return runInSteps(
    run,
    { command: "deploy", stage: undefined, codeOnly: false, express, tags, hooks: [] },
    (steps) =>
      deployStack(run, steps, {
        bucket,
        parameters,
        tags,
        codeOnly: false,
        express,
        namedRoles: [],
        ownRoles: 0,
        logsBy: undefined,
        prepare: async (chosen) => {
          const at = { stackName, bucket: chosen, region, parameters, report };
          const made = await prepareTemplate(template, at);
          for (const message of made.warnings) report({ type: "warning", message });
          const { buildId, templateText, packaged, files } = made;
          return {
            buildId,
            templateText,
            functions: packaged.map(({ name, key, zip }) => ({ name, logicalId: name, key, zip })),
            own: { files, parameters: made.parameters },
          };
        },
      }),
    isDone,
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
function namedRoles({ functions }: Project): readonly string[] {
  const names = Object.values(functions).flatMap(({ role }) =>
    role === undefined ? [] : (role.split("/").at(-1) ?? role),
  );
  return [...new Set(names)].sort();
}
