import { basename, dirname } from "node:path";
import { regionFor } from "../../definition/region.ts";
import type { TemplateOptions, WrittenOut } from "../cloudformation/read-template.ts";
import { Origins } from "../cloudformation/rules/origins.ts";
import { stackNameOf } from "../cloudformation/rules/resource-values.ts";
import { codeFinder, type TsconfigAbove } from "./code-files.ts";
import { writeTemplate } from "./rules/write-template.ts";
import { openTerraform, type ProjectOptions } from "./terraform-project.ts";

type Where = Pick<
  TemplateOptions,
  "accountId" | "apiIdOf" | "file" | "parameters" | "region" | "stackName"
>;

/** What the reader takes from the rest of wsgw. */
type Tools = Pick<ProjectOptions, "env" | "parseYaml"> & { readonly tsconfigAbove: TsconfigAbove };

/** A project of Terraform or OpenTofu as the template that it stands for, in the region that its provider names. */
export function terraformProject({
  askedRegion,
  env,
  parseYaml,
  tsconfigAbove,
  ...where
}: Where & Tools & { readonly askedRegion: string | undefined }): Where & {
  readonly written: WrittenOut;
} {
  const { file, parameters } = where;
  const stackName = stackNameOf(where.stackName ?? basename(dirname(file)));
  const options = { file, parameters, env, parseYaml, place: { ...where, stackName } };
  const region = regionFor(askedRegion, providerRegion(options), env);
  const place = { ...where, stackName, region };
  return {
    ...place,
    written: {
      kind: "terraform",
      template: async (tools) => {
        const root = openTerraform({ ...options, place }, tools);
        if (root === undefined) return undefined;
        const resources = root.resources();
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

function providerRegion(options: ProjectOptions): string | undefined {
  const tools = { origins: new Origins(), report: () => {}, inputs: new Set<string>() };
  const region = openTerraform(options, tools)?.ofProvider("aws", "region");
  return typeof region === "string" && region !== "" ? region : undefined;
}
