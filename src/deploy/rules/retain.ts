import type { Resource, Template } from "../template/model.ts";

/** What of a deployed template counts here; a stack of another maker may lack even that. */
type Deployed = Partial<Pick<Template, "Resources">>;

/** Logical ids of what stays when the stack of this template is deleted. */
export function keptResources({ Resources = {} }: Deployed): readonly string[] {
  return Object.entries(Resources)
    .filter(([, { DeletionPolicy = "" }]) => DeletionPolicy.startsWith("Retain"))
    .map(([logicalId]) => logicalId);
}

/**
 * The template with tables that stay when the stack goes; undefined when they do already. The metadata
 * is there because CloudFormation sees no change in a DeletionPolicy alone.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html
 */
export function retainTables<T extends Deployed>(template: T): T | undefined {
  const { Resources = {} } = template;
  let changed = false;
  const resources = Object.entries(Resources).map(([logicalId, resource]): [string, Resource] => {
    if (resource.Type !== "AWS::DynamoDB::Table" || resource.DeletionPolicy === "Retain") {
      return [logicalId, resource];
    }
    changed = true;
    const Metadata = { ...resource.Metadata, WsgwRetained: true };
    return [logicalId, { ...resource, DeletionPolicy: "Retain", Metadata }];
  });
  return changed ? { ...template, Resources: Object.fromEntries(resources) } : undefined;
}
