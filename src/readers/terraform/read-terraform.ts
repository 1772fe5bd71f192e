import { basename, dirname } from "node:path";
import type { TemplateOptions, WritingTools, WrittenOut } from "../cloudformation/read-template.ts";
import { stackNameOf } from "../cloudformation/rules/resource-values.ts";
import { codeFinder } from "./code-files.ts";
import { planIn, providerRegion } from "./provider-region.ts";
import { readPlan, variablesIn } from "./rules/plan-or-state.ts";
import { KeyBook } from "./rules/resource-names.ts";
import { isSourceFile } from "./rules/terraform-files.ts";
import { writeTemplate } from "./rules/write-template.ts";
import type { WrittenResource } from "./rules/written-resource.ts";
import { openTerraform, type ProjectOptions } from "./terraform-project.ts";
import type { TsconfigAbove } from "./typescript-source.ts";

type Where = Pick<
  TemplateOptions,
  "accountId" | "apiIdOf" | "file" | "parameters" | "region" | "stackName"
>;

/** Functions of the rest of wsgw for the reader. */
type Tools = Pick<ProjectOptions, "env" | "parseYaml"> & {
  readonly tsconfigAbove: TsconfigAbove;
  /** The region of a project, given that of its provider, if any. */
  readonly regionIn: (named: string | undefined) => string;
};

/** A Terraform or OpenTofu project as an equivalent template, in its provider's region. */
export function terraformProject({
  regionIn,
  env,
  parseYaml,
  tsconfigAbove,
  ...where
}: Where & Tools): Where & {
  readonly written: WrittenOut;
} {
  const { file, parameters } = where;
  const stackName = stackNameOf(where.stackName ?? basename(dirname(file)));
  const options = { file, parameters, env, parseYaml, place: { ...where, stackName } };
  const region = regionIn(providerRegion(options));
  const place = { ...where, stackName, region };
  return {
    ...place,
    written: {
      kind: "terraform",
      template: async (tools) => {
        const resources = resourcesOf({ ...options, place }, tools);
        if (resources === undefined) return undefined;
        const { inputs } = tools;
        return writeTemplate(
          resources,
          codeFinder({ file, inputs, tsconfigAbove }, resources),
          tools,
        );
      },
    },
  };
}

function resourcesOf(
  options: ProjectOptions,
  tools: WritingTools,
): readonly WrittenResource[] | undefined {
  const { file, place } = options;
  if (isSourceFile(file)) return openTerraform(options, tools)?.resources();
  const plan = planIn(file);
  if (plan === undefined) {
    const problem = "the file is not JSON. Create it with terraform show -json.";
    tools.report({ severity: "error", origin: { file, line: 1, column: 1, path: [] }, problem });
    return undefined;
  }
  const known = new Map<string, WrittenResource>();
  // a plan is served whatever errors its neighbouring files contain
  const quiet = { ...tools, report: () => {}, leaveOpen: () => {} };
  const root = openTerraform({ ...options, variables: variablesIn(plan.json) }, quiet);
  for (const resource of root?.resources() ?? []) known.set(resource.address, resource);
  return readPlan(plan, {
    place,
    keys: new KeyBook(),
    inFiles: (address) => known.get(address) ?? known.get(address.replaceAll("[0]", "")),
  });
}
