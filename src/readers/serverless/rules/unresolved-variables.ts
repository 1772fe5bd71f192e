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

/** The warning about a variable that only AWS knows and whose default is used. */
export function defaultUsedText(variable: string, name: string): string {
  return `${variable} is known on AWS only, so wsgw uses its default. Set another with --parameter-overrides "${name}=VALUE".`;
}

/** The error about a variable that only AWS knows and that has no default. */
export function noDefaultText(variable: string, name: string): string {
  return `${variable} is known on AWS only. Set it with --parameter-overrides "${name}=VALUE", or write a default: \${…, 'value'}.`;
}
