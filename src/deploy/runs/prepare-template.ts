import { resolve } from "node:path";
import { type LoadOptions, loadDefinition } from "../../emulator/load-project.ts";
import { WsgwError } from "../../errors.ts";
import { stateInCache } from "../../project-directory/state-directory.ts";
import { projectOf } from "../../readers/find-definition.ts";
import { findProject } from "../../readers/load-definition.ts";
import { chosenParameters } from "../../readers/rules/option-precedence.ts";
import { deniedTexts } from "../../readers/rules/undelivered.ts";
import type { SamConfig } from "../../readers/sam/samconfig.ts";
import type { PackagedTemplate } from "../package/package-template.ts";
import { rejectOwnDeployment } from "./deployed-by-own-tool.ts";
import type { PrepareFact } from "./facts.ts";
import { buildFact, packagedFact } from "./prepared-facts.ts";
import { type ConfiguredBy, sourceOf } from "./run-open.ts";
import { builtFrom } from "./sam-build-output.ts";

/** A template that is deployed as it is. */
export type OpenedTemplate = {
  /** The template, or the output of `sam build`; absolute. */
  readonly file: string;
  readonly cwd: string;
  /** Directory of the project. */
  readonly root: string;
  readonly stateDir: string;
  readonly sam: SamConfig | undefined;
  /** Sentences about which file is deployed, and why. */
  readonly remarks: readonly string[];
  /** Those about possible mistakes. */
  readonly warnings: readonly string[];
};

export type PreparedTemplate = PackagedTemplate & {
  readonly buildId: string;
  /** The project's own values of the template's parameters. */
  readonly parameters: Readonly<Record<string, string>>;
};

/** The location of a template's artifacts. */
export type TemplatePlace = {
  readonly stackName: string;
  readonly bucket: string;
  readonly region: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly without?: readonly string[];
  readonly report?: (fact: PrepareFact) => void;
};

/** The template that defines the project; undefined for a config file. */
export async function openTemplate(source: ConfiguredBy): Promise<OpenedTemplate | undefined> {
  const found = await findProject(sourceOf(source));
  const { kind, file, remarks, sam } = found;
  if (kind === "config") return undefined;
  rejectOwnDeployment(found, source.cwd);
  const cwd = resolve(source.cwd);
  const root = projectOf(file);
  const built = await builtFrom(file, cwd);
  return {
    file: built.file,
    cwd,
    root,
    stateDir: stateInCache(root),
    sam,
    remarks: [...remarks, ...built.remarks],
    warnings: built.warnings,
  };
}

/**
 * The functions that API Gateway may not invoke. A template that wsgw cannot serve can still be deployed, and
 * is not checked.
 */
async function deniedIn(template: LoadOptions): Promise<readonly string[]> {
  try {
    return deniedTexts((await loadDefinition(template)).source);
  } catch (error) {
    if (error instanceof WsgwError) return [];
    throw error;
  }
}

/** Prepares the deployment of a template without using the network. */
export async function prepareTemplate(
  opened: OpenedTemplate,
  place: TemplatePlace,
): Promise<PreparedTemplate> {
  const { file, cwd, root, stateDir, sam, remarks, warnings } = opened;
  const { stackName, bucket, region, without = [], report = () => {} } = place;
  const parameters = chosenParameters({
    commandLine: place.parameters,
    samconfig: sam?.parameters,
  });
  const [{ packageTemplate }, { findBuildId }] = await Promise.all([
    import("../package/package-template.ts"),
    import("../package/build-id.ts"),
  ]);
  report({ type: "template.taken", file, remarks });
  const made = await packageTemplate({
    file,
    cwd,
    root,
    stateDir,
    stackName,
    bucket,
    region,
    without,
    parameters,
    onPackaged: (packaged) => report(packagedFact(packaged)),
  });
  const buildId = await findBuildId(root, made.packaged, without);
  report(buildFact(buildId));
  report({
    type: "template.made",
    resources: Object.keys(made.template.Resources).length,
    bytes: Buffer.byteLength(made.templateText),
  });
  const template = { cwd, template: file, stackName, region, parameters, stateDir };
  const denied = await deniedIn(template);
  // Like sam deploy, ignores parameters that the template does not declare.
  const declared = made.template.Parameters ?? {};
  const known = Object.entries(sam?.parameters ?? {}).filter(([name]) =>
    Object.hasOwn(declared, name),
  );
  return {
    ...made,
    buildId,
    parameters: Object.fromEntries(known),
    warnings: [...warnings, ...made.warnings, ...denied],
  };
}
