import type { Project } from "../../definition/project.ts";
import { apiIdOf } from "../../emulator/host-table.ts";
import type { LoadedProject } from "../../emulator/load-project.ts";
import { WsgwError } from "../../errors.ts";
import { mapValues } from "../../values/map-values.ts";
import type { PackagedFunction } from "../package/package-code.ts";
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
  /** Folders and files of the project that hold no code; absolute. */
  readonly without?: readonly string[];
  readonly report?: (fact: PrepareFact) => void;
};

/** All that is deployed, made on this machine. */
export type PreparedDeployment = {
  readonly project: Project;
  /** In the order of the definition. */
  readonly packaged: readonly PackagedFunction[];
  readonly template: Template;
  /** The template as it is sent; the same for the same definition and code. */
  readonly templateText: string;
  readonly buildId: string;
  /** Whole sentences: what AWS takes, but may not be meant. */
  readonly warnings: readonly string[];
};

/**
 * Makes everything ready that a deployment needs, without any network: bundles and zips the code, makes the
 * template and checks it. Throws a WsgwError with all that is wrong in the first of these that finds something.
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
    import("../template/deployable.ts"),
    import("../package/build-id.ts"),
    import("./run-hooks.ts"),
  ]);
  refuse("NOT_DEPLOYABLE", deployable.undeployable(project).map(located));

  const packaged = await packaging.packageCode({
    project,
    root,
    without: options.without ?? [],
    onHook: (hook, durationMs) => report({ type: "hook.called", hook, durationMs }),
    onPackaged: (packaged) => report(packagedFact(packaged)),
  });
  // The ids are those of the APIs as their definition names them, whatever their stack is called.
  const apiIds = mapValues(defined.apis, ({ name }) => apiIdOf(root, name));
  const local = localValues({ project: defined, apiIds });
  const buildId = await ids.findBuildId(root, packaged, options.without);
  report(buildFact(buildId));

  const code = new Map(packaged.map(({ name, key }) => [name, locationOf(project, name, key)]));
  const made = synthesis.synthesize(project, { code, buildId });
  const template = await hooks.changeTemplate(
    made,
    { project, root, buildId },
    (hook, durationMs) => report({ type: "hook.called", hook, durationMs }),
  );
  refuse(
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
      ...packaged.flatMap(({ warnings }) => warnings),
      ...requirementWarnings(packaged),
    ],
  };
}

/** Where the stack finds a function's code, and how it is called there. */
function locationOf({ functions }: Project, name: string, key: string) {
  const fn = functions[name];
  if (fn === undefined) return { key };
  return { key, handler: deployedHandler(fn) };
}

function refuse(code: "NOT_DEPLOYABLE" | "TEMPLATE_INVALID", faults: readonly string[]): void {
  if (faults.length > 0) throw new WsgwError(code, faults.join("\n"));
}
