import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { JsonObject } from "../../../src/readers/cloudformation/rules/origins.ts";
import { POLICY_TEMPLATES } from "../../../src/readers/sam/rules/policy-templates.ts";

const directory = fileURLToPath(new URL("../../../fixtures/templates/sam/", import.meta.url));
const results = fileURLToPath(
  new URL("../../../fixtures/templates/sam-translated/", import.meta.url),
);

const projects = fileURLToPath(new URL("../../../fixtures/projects/", import.meta.url));

/** Templates of SAM in whole projects, by their paths. */
const OF_PROJECTS = readdirSync(projects, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.(ya?ml|json)$/.test(name))
  .filter((name) => /Transform\W.*AWS::Serverless-/.test(readFileSync(projects + name, "utf8")));

/** Names of templates that SAM's translator has translated. */
export const TEMPLATES = [...readdirSync(directory), ...OF_PROJECTS].sort();

export const fileOf = (template: string): string =>
  (OF_PROJECTS.includes(template) ? projects : directory) + template;

/** Where it is recorded what SAM's translator makes of a template. */
export const recordOf = (template: string): string =>
  `${results}${template.replaceAll("/", "-")}.json`;

export const recorded = (template: string): JsonObject =>
  JSON.parse(readFileSync(recordOf(template), "utf8"));

/** A template, in JSON, with a function that has every policy template of SAM. */
export function withEveryPolicy(): string {
  const policies = Object.entries(POLICY_TEMPLATES).map(([name, template]) => {
    const texts = JSON.stringify(template).matchAll(/(?<!\$)\{(\w+)\}/g);
    return { [name]: Object.fromEntries([...texts].map(([, word]) => [word, { Ref: word }])) };
  });
  const properties = { CodeUri: "x", Handler: "x.y", Runtime: "nodejs20.x", Policies: policies };
  return JSON.stringify({
    Transform: "AWS::Serverless-2016-10-31",
    Resources: { Fn: { Type: "AWS::Serverless::Function", Properties: properties } },
  });
}
