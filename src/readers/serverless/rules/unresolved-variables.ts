/** Parts whose variables may be known only on AWS: undelivered triggers, and permissions. */
const MAY_STAY = [
  "apiGateway",
  "events",
  "httpApi",
  "iam",
  "iamManagedPolicies",
  "iamRoleStatements",
  "layers",
  "role",
  "s3",
];

/** Parts about where code runs on AWS, and its names. */
const IGNORED = [
  "alb",
  "deploymentBucket",
  "kmsKeyArn",
  "logs",
  "notificationArns",
  "stackTags",
  "tags",
  "vpc",
  "vpcEndpointIds",
];

/** Whether the variables in a property of a function or the provider must have a value: clients or functions see it. */
export function mustBeKnown(property: string): boolean {
  return !MAY_STAY.includes(property);
}

/** Whether a property has no effect here, so that its variables are not even looked up. */
export function isIgnored(property: string): boolean {
  return IGNORED.includes(property);
}

/** The one line about all variables that stay unresolved. */
export function unresolvedText(names: Iterable<string>): string {
  return `not known on this machine and not replaced: ${[...names].join(", ")}. docs/serverless.md shows how to set them.`;
}
