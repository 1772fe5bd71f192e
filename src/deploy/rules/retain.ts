type Resource = {
  readonly Type?: string;
  readonly DeletionPolicy?: string;
  readonly Metadata?: Readonly<Record<string, unknown>>;
};

/** Logical ids of what stays when the stack of this template (JSON) is deleted. */
export function keptResources(templateText: string): readonly string[] {
  return Object.entries(resourcesOf(templateText))
    .filter(([, { DeletionPolicy = "" }]) => DeletionPolicy.startsWith("Retain"))
    .map(([logicalId]) => logicalId);
}

/**
 * The template with tables that stay when the stack goes; undefined when they do already. The metadata
 * is there because CloudFormation sees no change in a DeletionPolicy alone.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html
 */
export function retainTables(templateText: string): string | undefined {
  const template = JSON.parse(templateText) as Record<string, unknown>;
  let changed = false;
  const resources = Object.entries(resourcesOf(templateText)).map(([logicalId, resource]) => {
    if (resource.Type !== "AWS::DynamoDB::Table" || resource.DeletionPolicy === "Retain") {
      return [logicalId, resource] as const;
    }
    changed = true;
    const Metadata = { ...resource.Metadata, WsgwRetained: true };
    return [logicalId, { ...resource, DeletionPolicy: "Retain", Metadata }] as const;
  });
  if (!changed) return undefined;
  return JSON.stringify({ ...template, Resources: Object.fromEntries(resources) }, undefined, 2);
}

function resourcesOf(templateText: string): Readonly<Record<string, Resource>> {
  if (templateText === "") return {};
  return (JSON.parse(templateText) as { Resources?: Record<string, Resource> }).Resources ?? {};
}
