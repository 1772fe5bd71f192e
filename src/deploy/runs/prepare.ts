import type { Project } from "../../definition/project.ts";
import type { LoadedProject } from "../../emulator/load-project.ts";
import { apiIdOf } from "../../emulator/local-ids.ts";
import { WsgwError } from "../../errors.ts";
import { mapValues } from "../../values/map-values.ts";
import type { PackagedProject } from "../package/package-code.ts";
import { requirementWarnings } from "../package/requirements.ts";
import { localValues } from "../rules/local-values.ts";
import { deployedHandler } from "../template/deployed-handler.ts";
import type { Template } from "../template.ts";
import type { PrepareFact } from "./facts.ts";
import { buildFact, packagedFact } from "./prepared-facts.ts";

export type PrepareOptions = {
  readonly loaded: LoadedProject;
  /** Changes the checked definition, as command-line options do. */
  readonly adjust?: (project: Project) => Project;
  /** Directories and files of the project without code; absolute. */
  readonly without?: readonly string[];
  readonly report?: (fact: PrepareFact) => void;
};

/** Everything to deploy, created on this machine. */
export type PreparedDeployment = {
  readonly project: Project;
  readonly packaged: PackagedProject;
  readonly template: Template;
  /** The template to send; the same for the same definition and code. */
  readonly templateText: string;
  readonly buildId: string;
  /** Sentences about what AWS accepts, but the author may not intend. */
  readonly warnings: readonly string[];
};

/**
 * Prepares a deployment without using the network: bundles and zips the code, creates the template and checks
 * it. Throws a WsgwError with all errors of the first step that fails.
 */
export async function prepareDeployment(options: PrepareOptions): Promise<PreparedDeployment> {
  const { loaded, report = () => {} } = options;
  const { root, located } = loaded;
  const defined = loaded.project;
  const project = options.adjust?.(defined) ?? defined;
  const [packaging, synthesis, checks, deployable, ids, hooks] = await Promise.all([
    import("../package/package-code.ts"),
    import("../template.ts"),
    import("../template/check.ts"),
    import("../template/undeployable.ts"),
    import("../package/build-id.ts"),
    import("./run-hooks.ts"),
  ]);
  reject("NOT_DEPLOYABLE", deployable.undeployable(project).map(located));

  const packaged = await packaging.packageCode({
    project,
    root,
    without: options.without ?? [],
    onHook: (hook, durationMs) => report({ type: "hook.called", hook, durationMs }),
    onPackaged: (packaged) => report(packagedFact(packaged)),
  });
  // The ids belong to the APIs' names in the definition, whatever the stack's name.
  const apiIds = mapValues(defined.apis, ({ name }) => apiIdOf(root, name));
  const local = localValues({ project: defined, apiIds });
  const buildId = await ids.findBuildId(
    root,
    [...packaged.functions, ...packaged.layers],
    options.without,
  );
  report(buildFact(buildId));

  const { functions, layers } = packaged;
  const code = new Map(functions.map(({ name, key }) => [name, locationOf(project, name, key)]));
  const made = synthesis.synthesize(project, {
    code,
    layers: new Map(layers.map(({ name, key }) => [name, key])),
    buildId,
  });
  const template = await hooks.changeTemplate(
    made,
    { project, root, buildId },
    (hook, durationMs) => report({ type: "hook.called", hook, durationMs }),
  );
  reject(
    "TEMPLATE_INVALID",
    checks.checkTemplate(template).map(({ message }) => message),
  );
  const templateText = synthesis.renderTemplate(template);
  report({
    type: "template.made",
    resources: Object.keys(template.Resources).length,
    bytes: Buffer.byteLength(templateText),
  });
  return {
    project,
    packaged,
    template,
    templateText,
    buildId,
    warnings: [
      ...loaded.warnings,
      ...local.map(located),
      ...[...functions, ...layers].flatMap(({ warnings }) => warnings),
      ...requirementWarnings(functions),
    ],
  };
}

/** The location of a function's code for the stack, and its handler there. */
function locationOf({ functions }: Project, name: string, key: string) {
  const fn = functions[name];
  if (fn === undefined) return { key };
  return { key, handler: deployedHandler(fn) };
}

function reject(code: "NOT_DEPLOYABLE" | "TEMPLATE_INVALID", faults: readonly string[]): void {
  if (faults.length > 0) throw new WsgwError(code, faults.join("\n"));
}
