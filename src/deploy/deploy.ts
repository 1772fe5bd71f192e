import type { Project } from "../definition/project.ts";
import { resolveValues } from "../definition/references.ts";
import { whyLogs } from "./rules/log-role.ts";
import { rejectCodeOnly, rejectStage } from "./rules/rejected-with-template.ts";
import { stagesIn } from "./rules/stages-in-words.ts";
import type { Prepared } from "./runs/deploy-input.ts";
import type { DeployResult } from "./runs/deploy-result.ts";
import { prepareDeployment } from "./runs/prepare.ts";
import { type OpenedTemplate, openTemplate, prepareTemplate } from "./runs/prepare-template.ts";
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
    /** An existing bucket. Default: one that wsgw manages. */
    readonly bucket?: string;
    /** Values of the template's parameters; others keep their value. */
    readonly parameters?: Readonly<Record<string, string>>;
    /** Tags added to the stack's. */
    readonly tags?: Readonly<Record<string, string>>;
    /** Updates only the functions' code, without CloudFormation; rejected if anything else differs. */
    readonly codeOnly?: boolean;
    /** CloudFormation's EXPRESS mode: completes when everything is configured, before all of it is ready. */
    readonly express?: boolean;
  };

/**
 * Deploys a project as one CloudFormation stack; a project's own template is deployed as it is. May be
 * repeated whatever happened to an earlier run. A failure in CloudFormation is a result of kind `failed`.
 * Errors in the project, the options or the credentials are thrown as a WsgwError and leave the stack
 * unchanged.
 */
export async function deploy(options: DeployOptions): Promise<DeployResult> {
  const template = await openTemplate(options);
  if (template !== undefined) return deployTemplate(template, options);
  const { bucket, parameters = {}, codeOnly = false, express = false } = options;
  const opened = await openProject(options);
  const { project, stackName, place } = opened;
  const run = await openRun(place, stackName, options);
  // the checks allow only references to the region
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
        logsBy: whyLogs(project),
        prepare: () => prepare(opened, options),
      }),
    isDone,
  );
}

function isDone({ kind }: { readonly kind: string }): boolean {
  return ["deployed", "unchanged", "code-updated"].includes(kind);
}

/** Deploys the template as it is, with its local files in the bucket. */
async function deployTemplate(
  template: OpenedTemplate,
  options: DeployOptions,
): Promise<DeployResult> {
  const { bucket, parameters = {}, tags = {}, express = false, report = () => {} } = options;
  rejectStage(options.stage);
  rejectCodeOnly(options.codeOnly);
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
    layers: made.packaged.layers,
    functions: made.packaged.functions.map(({ name, key, zip }) => ({
      name,
      logicalId: functionLogicalId(name),
      key,
      zip,
    })),
  };
}

/** Roles that the stack does not create: by name, or by ARN, whose end is path and name. */
function namedRoles({ functions }: Project): readonly string[] {
  const names = Object.values(functions).flatMap(({ role }) =>
    role === undefined ? [] : (role.split("/").at(-1) ?? role),
  );
  return [...new Set(names)].sort();
}
