import type { LocalProject } from "../../../definition/local-project.ts";
import type { PermissionsDefinition, RoleStatement } from "../../../definition/parts.ts";
import { postingTo } from "../../../definition/permission-to-post.ts";
import type { CustomIntegration, LambdaFunction } from "../../../definition/project.ts";
import { partitionOf } from "../../../definition/region.ts";
import { TABLE_ACTIONS } from "../../../definition/table-actions.ts";
import { isObject } from "../../../values/json.ts";
import { mapValues } from "../../../values/map-values.ts";
import { managedPolicy } from "./managed-policies.ts";
import { type PolicyStatement, parsePolicy } from "./policy-document.ts";
import { evaluatePolicies, type NamedPolicy } from "./policy-evaluation.ts";
import { type UnjudgedStatement, withoutUnknown } from "./unknown-statements.ts";

type AwsIntegration = Extract<CustomIntegration, { readonly type: "aws" }>;

/** The role of a function, as far as known. */
export type Role =
  | ({ readonly kind: "known"; readonly name: string } & Policies)
  /** `why` is a sentence without its full stop. */
  | { readonly kind: "unknown"; readonly name: string; readonly why: string }
  /** The definition contains no role. */
  | { readonly kind: "unstated"; readonly name: string };

export type Policies = {
  /** Without statements that cannot be evaluated here. */
  readonly policies: readonly NamedPolicy[];
  /** The most that statements may allow that cannot be evaluated here. */
  readonly mayAllow: readonly NamedPolicy[];
  /** Those about checked calls, as messages. */
  readonly unjudged: readonly UnjudgedStatement[];
  /** Services whose resource policies may allow more. */
  readonly ownPolicies: readonly string[];
};

/** Whether calls with a role are checked: only if all of it is known. Otherwise none is rejected. */
export function isKnown(role: Role | undefined): role is Extract<Role, { kind: "known" }> {
  return role?.kind === "known";
}

/** Placeholder for the functions' names in a line. */
export const THOSE = "\0";

/** What is not checked of a role, one line each for the start: all of it, or single statements. */
export function uncheckedIn(role: Role): readonly string[] {
  if (role.kind === "unknown") return [`What ${THOSE} may call is not checked: ${role.why}.`];
  if (role.kind === "unstated") return [];
  return role.unjudged.map(({ effect, actions, why }) => {
    const not = effect === "Allow" ? "checked" : "denied";
    return `Calls of ${actions} by ${THOSE} are not ${not}: ${why}.`;
  });
}

/** A policy as written. */
type Written = readonly [name: string, document: unknown];

/**
 * The role of a function on AWS: the template's, or the one that `wsgw deploy` creates if the definition has
 * role statements for any of its functions.
 */
export function roleOf(
  project: LocalProject,
  fn: LambdaFunction,
  apiIdOf: (name: string) => string,
): Role {
  const { permissions, roleStatements } = fn;
  const own: readonly Written[] =
    roleStatements.length === 0
      ? []
      : [["roleStatements", { Statement: roleStatements.map(withoutIntrinsics) }]];
  if (permissions !== undefined) return statedRole(fn.name, permissions, own);
  const name = fn.role?.split("/").at(-1) ?? fn.name;
  const states = Object.values(project.functions).some((each) => each.roleStatements.length > 0);
  if (!states) return { kind: "unstated", name };
  if (fn.role !== undefined) {
    return { kind: "unknown", name, why: `the definition does not say what ${fn.role} allows` };
  }
  if (project.hooks.template !== undefined) {
    return { kind: "unknown", name, why: "the hook `template` may change the role" };
  }
  return readRole(name, [["wsgw deploy", defaultRole(project, fn, apiIdOf)], ...own], []);
}

function statedRole(
  otherwise: string,
  permissions: PermissionsDefinition,
  own: readonly Written[],
): Role {
  const { roleName: name = otherwise, policies = {}, managedPolicies = [], unknown } = permissions;
  if (unknown !== undefined) return { kind: "unknown", name, why: unknown };
  const written = [...Object.entries(policies), ...own];
  return readRole(name, written, managedPolicies, permissions);
}

/**
 * The role with which an integration calls a service: the template's, or the one that `wsgw deploy` creates.
 */
export function integrationRole(caller: string, integration: AwsIntegration): Role {
  const { permissions, credentials, roleStatements } = integration;
  if (permissions !== undefined) return statedRole(caller, permissions, []);
  if (roleStatements === undefined) {
    const why = `the definition does not say what ${credentials} allows`;
    return { kind: "unknown", name: caller, why };
  }
  const Statement = roleStatements.map(withoutIntrinsics);
  return readRole(roleName(caller), [["roleStatements", { Statement }]], []);
}

/** Role names contain no spaces. */
function roleName(caller: string): string {
  return caller.replace(/[^\w+=,.@-]+/g, "-");
}

/** The permissions that `wsgw deploy` grants by itself, except those for logs. */
function defaultRole(
  project: LocalProject,
  fn: LambdaFunction,
  apiIdOf: (name: string) => string,
): unknown {
  const { region, accountId } = project;
  const arn = (service: string, rest: string) =>
    `arn:${partitionOf(region).name}:${service}:${region}:${accountId}:${rest}`;
  const apis = Object.values(project.apis).map((api) => ({ api }));
  const connections = postingTo(apis, fn).flatMap(({ api }) =>
    Object.keys(api.stages).map((stage) =>
      arn("execute-api", `${apiIdOf(api.name)}/${stage}/*/@connections/*`),
    ),
  );
  const tables = Object.values(project.tables)
    .filter(({ functions }) => functions.includes(fn.name))
    .flatMap(({ name, indexes }) => [
      arn("dynamodb", `table/${name}`),
      ...(Object.keys(indexes).length > 0 ? [arn("dynamodb", `table/${name}/index/*`)] : []),
    ]);
  const allow = (Action: string | readonly string[], Resource: readonly string[]) =>
    Resource.length === 0 ? [] : [{ Effect: "Allow", Action, Resource }];
  return {
    Statement: [
      ...allow("execute-api:ManageConnections", connections),
      ...allow(TABLE_ACTIONS, tables),
    ],
  };
}

function readRole(
  name: string,
  written: readonly Written[],
  managed: readonly string[],
  { ownPolicies = [], onlyOnAws = [] }: PermissionsDefinition = {},
): Exclude<Role, { readonly kind: "unstated" }> {
  const policies: NamedPolicy[] = [];
  const mayAllow: NamedPolicy[] = [];
  const unjudged: UnjudgedStatement[] = [];
  for (const [called, document] of written) {
    const parsed = parsePolicy(document);
    if (parsed.kind === "malformed") {
      return { kind: "unknown", name, why: `of the policy ${called} ${parsed.problem}` };
    }
    const { known, atMost, reports } = withoutUnknown(called, parsed.policy.statements, onlyOnAws);
    policies.push({ name: called, document: { statements: known } });
    if (atMost.length > 0) mayAllow.push({ name: called, document: { statements: atMost } });
    unjudged.push(...reports);
  }
  for (const arn of managed) {
    const policy = managedPolicy(arn);
    if (policy === undefined) {
      return { kind: "unknown", name, why: `wsgw does not know what ${arn} allows` };
    }
    policies.push(policy);
  }
  return { kind: "known", name, policies, mayAllow, unjudged, ownPolicies };
}

/**
 * Whether a role may allow an action on a resource under any condition. Regions and accounts in its
 * statements are those of the author.
 */
export function mayAllow(
  permissions: PermissionsDefinition,
  action: string,
  resource: string,
): boolean {
  const { policies = {}, managedPolicies = [], unknown } = permissions;
  if (unknown !== undefined) return true;
  const role = readRole("", Object.entries(policies), managedPolicies, permissions);
  if (role.kind === "unknown") return true;
  const known = role.policies.map(({ name, document: { statements } }) => ({
    name,
    document: { statements: statements.flatMap(withoutConditions) },
  }));
  const request = { action, resource, context: {} };
  const { decision } = evaluatePolicies([...known, ...role.mayAllow], request);
  return decision === "allow";
}

function withoutConditions(statement: PolicyStatement): readonly PolicyStatement[] {
  const { effect, conditions, resources } = statement;
  if (effect === "Deny") return conditions.length === 0 ? [statement] : [];
  const patterns = resources.patterns.map((arn) =>
    arn.replace(/^(arn:[^:]*:[^:]*):[^:]*:[^:]*:/, "$1:*:*:"),
  );
  return [{ ...statement, resources: { ...resources, patterns }, conditions: [] }];
}

/**
 * CloudFormation functions have values only on AWS; here they become strings in braces, like dynamic
 * references.
 */
function withoutIntrinsics({ Resource, Condition, ...statement }: RoleStatement): unknown {
  const known = (value: unknown) =>
    [value].flat().map((each) => (isObject(each) ? `{{${JSON.stringify(each)}}}` : each));
  const conditions = isObject(Condition)
    ? mapValues(Condition, (keys) => (isObject(keys) ? mapValues(keys, known) : keys))
    : Condition;
  return {
    ...statement,
    Resource: known(Resource),
    ...(conditions !== undefined && { Condition: conditions }),
  };
}
