import { mapValues } from "../../values/map-values.ts";
import type { Resource, Template } from "../template/model.ts";

/** The used part of a deployed template; a stack of another tool may lack even that. */
type Deployed = Partial<Pick<Template, "Resources">>;

/** Logical ids of resources that stay when the stack with this template is deleted. */
export function keptResources({ Resources = {} }: Deployed): readonly string[] {
  return Object.entries(Resources)
    .filter(([, { DeletionPolicy = "" }]) => DeletionPolicy.startsWith("Retain"))
    .map(([logicalId]) => logicalId);
}

/**
 * The template with tables that stay when the stack is deleted; undefined if they do already. It also changes
 * metadata, because CloudFormation does not treat a changed DeletionPolicy alone as a change.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html
 */
export function retainTables<T extends Deployed>(template: T): T | undefined {
  const { Resources = {} } = template;
  let changed = false;
  const resources = mapValues(Resources, (resource): Resource => {
    if (resource.Type !== "AWS::DynamoDB::Table" || resource.DeletionPolicy === "Retain") {
      return resource;
    }
    changed = true;
    const Metadata = { ...resource.Metadata, WsgwRetained: true };
    return { ...resource, DeletionPolicy: "Retain", Metadata };
  });
  return changed ? { ...template, Resources: resources } : undefined;
}
