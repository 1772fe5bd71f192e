import type { PermissionsDefinition } from "../../../definition/parts.ts";
import type { Json, JsonObject } from "./origins.ts";
import { type Resource, textOf, textsIn } from "./stack.ts";
import { isObject } from "./tree.ts";

/** A policy document with its name in messages. */
type Policy = readonly [name: string, document: Json];

/** The parts of a template whose values are unknown on this machine. */
export type Unknowns = {
  /** Placeholders for values that only AWS knows. */
  readonly madeUp: ReadonlySet<string>;
  /** Errors in roles and policies, and in properties that attach them, by key. */
  readonly problems: ReadonlyMap<string, string>;
};

const POLICY_TYPES: ReadonlySet<string> = new Set([
  "AWS::IAM::ManagedPolicy",
  "AWS::IAM::Policy",
  "AWS::IAM::RolePolicy",
]);

/** The properties that determine the policies of a role. */
const PROPERTIES: Readonly<Record<string, readonly string[]>> = {
  "AWS::IAM::ManagedPolicy": ["Roles"],
  "AWS::IAM::Policy": ["Roles"],
  "AWS::IAM::Role": ["ManagedPolicyArns", "PermissionsBoundary"],
  "AWS::IAM::RolePolicy": ["RoleName"],
  "AWS::DynamoDB::Table": ["ResourcePolicy"],
  "AWS::Lambda::Function": ["Role"],
  "AWS::Lambda::Permission": ["Principal"],
};

/** The properties that attach a policy to a resource, which may allow more than any role. */
const OWN_POLICIES: Readonly<Record<string, string>> = {
  "AWS::Events::EventBusPolicy": "events",
  "AWS::SNS::TopicInlinePolicy": "sns",
  "AWS::SNS::TopicPolicy": "sns",
  "AWS::SQS::QueueInlinePolicy": "sqs",
  "AWS::SQS::QueuePolicy": "sqs",
};

/**
 * Types with generated names unless the template sets them: patterns in policies may expect the generated
 * suffix.
 */
const NAMED: Readonly<Record<string, string>> = {
  "AWS::DynamoDB::GlobalTable": "TableName",
  "AWS::DynamoDB::Table": "TableName",
  "AWS::Lambda::Function": "FunctionName",
};

/**
 * Evaluates properties that determine roles and policies, so that their errors are reported now, and once.
 */
export function evaluateRole(resource: Resource): void {
  for (const property of PROPERTIES[resource.type] ?? []) resource.property(property);
}

/** Evaluates the contents of policies. */
export function evaluatePolicies({ type, property }: Resource): void {
  if (type === "AWS::IAM::Role") property("Policies");
  else if (POLICY_TYPES.has(type)) property("PolicyDocument");
}

/** A value in policies that only AWS knows: braces with the reason, like a dynamic reference. */
export function onlyOnAws(why: string): string {
  return `{{${why.replace(/\.$/, "")}}}`;
}

/** Everything about roles in a template, for all functions. */
export type TemplateRoles = Unknowns & {
  /** By ARN. */
  readonly roles: ReadonlyMap<Json | undefined, Resource>;
  /** Policies outside the roles. */
  readonly policies: readonly Resource[];
  /** Grants to the roles that they name, or to `*` for all. */
  readonly grants: readonly { readonly by: string; readonly to: string }[];
  /** Services whose resources have their own policies. */
  readonly ownPolicies: readonly string[];
};

/** Reads everything about roles that functions of a template share. */
export function readRoles(resources: readonly Resource[], unknowns: Unknowns): TemplateRoles {
  const roles = resources.filter(({ type }) => type === "AWS::IAM::Role");
  return {
    problems: unknowns.problems,
    madeUp: new Set([...unknowns.madeUp, ...namesBeginning(resources)]),
    // if two have the same ARN, the first counts
    roles: new Map(roles.toReversed().map((role) => [role.value("Arn"), role])),
    policies: resources.filter(({ type }) => POLICY_TYPES.has(type)),
    grants: resources.flatMap(grantOf),
    ownPolicies: [...new Set(resources.flatMap(({ type }) => OWN_POLICIES[type] ?? []))],
  };
}

/**
 * The permissions of a function's role, or why the template does not contain them; undefined without a role.
 */
export function readPermissions(
  fn: Resource,
  template: TemplateRoles,
): PermissionsDefinition | undefined {
  const problem = template.problems.get(fn.key);
  if (problem !== undefined) return { unknown: problem };
  const arn = fn.text("Role");
  return arn === undefined ? undefined : permissionsOf(arn, template);
}

/** The permissions of a role, or why the template does not contain them. */
export function permissionsOf(arn: string, template: TemplateRoles): PermissionsDefinition {
  const { problems, madeUp, grants, ownPolicies } = template;
  const role = template.roles.get(arn);
  if (role === undefined) return { unknown: `the role ${arn} is not in the template` };
  const roleName = textOf(role.value()) ?? role.key;
  const arns = textsIn(role.property("ManagedPolicyArns"));
  const separate = template.policies.filter((each) => isOfRole(each, roleName, arns, problems));
  const policies = [...inlinePolicies(role), ...separate.map(documentOf)];
  const ownArns = new Set(separate.map((policy) => textOf(policy.value())));
  const unknown =
    [role, ...separate].flatMap(({ key }) => problems.get(key) ?? [])[0] ??
    (role.property("PermissionsBoundary") === undefined
      ? grantedBy(grants, arn)
      : `the role ${role.key} has a permissions boundary`);
  const text = JSON.stringify(policies);
  const hidden = [...madeUp].filter((value) => text.includes(value));
  return {
    roleName,
    policies: byName(policies),
    managedPolicies: arns.filter((arn) => !ownArns.has(arn)),
    ...(ownPolicies.length > 0 && { ownPolicies }),
    ...(hidden.length > 0 && { onlyOnAws: hidden }),
    ...(unknown !== undefined && { unknown }),
  };
}

function namesBeginning(resources: readonly Resource[]): readonly string[] {
  return resources.flatMap((resource) => {
    const property = NAMED[resource.type];
    const isNamed = property === undefined || resource.text(property) !== undefined;
    return isNamed ? [] : [`${textOf(resource.value())}-`];
  });
}

function grantOf({ key, type, property, text }: Resource): TemplateRoles["grants"] {
  const isOfTable = type === "AWS::DynamoDB::Table" && property("ResourcePolicy") !== undefined;
  const to = type === "AWS::Lambda::Permission" ? text("Principal") : undefined;
  return isOfTable ? [{ by: key, to: "*" }] : to === undefined ? [] : [{ by: key, to }];
}

/** Within one account a resource policy is enough, which wsgw does not read. */
function grantedBy(grants: TemplateRoles["grants"], roleArn: string): string | undefined {
  const granting = grants.find(({ to }) => to === "*" || to === roleArn);
  return granting && `the policy of ${granting.by} may allow more`;
}

function inlinePolicies(role: Resource): readonly Policy[] {
  return objectsIn(role.property("Policies")).map(({ PolicyName: name, PolicyDocument }) => [
    textOf(name) ?? role.key,
    PolicyDocument ?? null,
  ]);
}

/** Whether a policy of the template belongs to the role. One whose roles are unreadable counts. */
function isOfRole(
  policy: Resource,
  roleName: string,
  arns: readonly string[],
  problems: Unknowns["problems"],
): boolean {
  switch (policy.type) {
    case "AWS::IAM::ManagedPolicy":
      if (arns.includes(textOf(policy.value()) ?? "")) return true;
      return textsIn(policy.property("Roles")).includes(roleName) || problems.has(policy.key);
    case "AWS::IAM::Policy":
      return textsIn(policy.property("Roles")).includes(roleName) || problems.has(policy.key);
    case "AWS::IAM::RolePolicy":
      return policy.text("RoleName") === roleName || problems.has(policy.key);
    default:
      return false;
  }
}

function documentOf(policy: Resource): Policy {
  return [policy.key, policy.property("PolicyDocument") ?? null];
}

/** Numbers policies with the same name. */
function byName(policies: readonly Policy[]): Readonly<Record<string, Json>> {
  const named: Record<string, Json> = {};
  for (const [name, document] of policies) {
    let unique = name;
    for (let at = 2; Object.hasOwn(named, unique); at += 1) unique = `${name} ${at}`;
    named[unique] = document;
  }
  return named;
}

function objectsIn(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
