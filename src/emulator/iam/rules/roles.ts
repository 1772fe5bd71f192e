import { postingTo, TABLE_ACTIONS } from "../../../definition/default-role.ts";
import type { LocalProject } from "../../../definition/local-project.ts";
import type { LambdaFunction } from "../../../definition/project.ts";
import { partitionOf } from "../../../definition/region.ts";
import { managedPolicy } from "./managed-policies.ts";
import { type PolicyStatement, parsePolicy } from "./policy-document.ts";
import type { NamedPolicy } from "./policy-evaluation.ts";
import { matchesPattern } from "./wildcards.ts";

/** The role of a function, as far as it is known. */
export type Role =
  | ({ readonly kind: "known"; readonly name: string } & Policies)
  /** `why` is a sentence without its full stop. */
  | { readonly kind: "unknown"; readonly name: string; readonly why: string }
  /** The definition says nothing of roles. */
  | { readonly kind: "unstated"; readonly name: string };

type Policies = {
  readonly policies: readonly NamedPolicy[];
  /** Services whose resources may allow more. */
  readonly ownPolicies: readonly string[];
};

/** A policy as it is written. */
type Written = readonly [name: string, document: unknown];

/**
 * The role of a function on AWS: that of its template, or the one that `wsgw deploy` makes where the definition states
 * role statements for one of its functions.
 */
export function roleOf(
  project: LocalProject,
  fn: LambdaFunction,
  apiIdOf: (name: string) => string,
): Role {
  const { permissions, roleStatements } = fn;
  const own: readonly Written[] =
    roleStatements.length === 0 ? [] : [["roleStatements", { Statement: roleStatements }]];
  if (permissions !== undefined) {
    const { roleName: name = fn.name, policies = {}, managedPolicies = [], unknown } = permissions;
    if (unknown !== undefined) return { kind: "unknown", name, why: unknown };
    const written = [...Object.entries(policies), ...own];
    return readRole(name, written, managedPolicies, permissions.ownPolicies);
  }
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

/** What `wsgw deploy` allows by itself, but for logs. */
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
  ownPolicies: readonly string[] = [],
): Exclude<Role, { readonly kind: "unstated" }> {
  const policies: NamedPolicy[] = [];
  for (const [called, document] of written) {
    const parsed = parsePolicy(document);
    const why = parsed.kind === "ok" ? notKnown(parsed.policy.statements) : parsed.problem;
    if (why !== undefined || parsed.kind !== "ok") {
      return { kind: "unknown", name, why: `of the policy ${called} ${why}` };
    }
    policies.push({ name: called, document: parsed.policy });
  }
  for (const arn of managed) {
    const policy = managedPolicy(arn);
    if (policy === undefined) {
      return { kind: "unknown", name, why: `wsgw does not know what ${arn} allows` };
    }
    policies.push(policy);
  }
  return { kind: "known", name, policies, ownPolicies };
}

const CHECKED = ["dynamodb", "execute-api", "lambda"];

/** Condition keys whose values are known of every call. */
export const KNOWN_KEYS: ReadonlySet<string> = new Set([
  "aws:currenttime",
  "aws:epochtime",
  "aws:principalaccount",
  "aws:principalarn",
  "aws:requestedregion",
  "aws:resourceaccount",
]);

/** Whether a text has a policy variable that cannot be filled in here, other than `${*}`, `${?}` and `${$}`. */
function hasUnknownVariable(text: string): boolean {
  return [...text.matchAll(/\$\{([^}]*)\}/g)].some(
    ([, name = ""]) => !/^[*?$]$/.test(name) && !KNOWN_KEYS.has(name.toLowerCase()),
  );
}

/** What of statements about checked calls cannot be judged here. */
function notKnown(statements: readonly PolicyStatement[]): string | undefined {
  for (const [at, { actions, resources, conditions }] of statements.entries()) {
    const services = actions.patterns.map((pattern) => pattern.toLowerCase().split(":")[0] ?? "");
    const concerns = services.some((each) => CHECKED.some((name) => matchesPattern(each, name)));
    if (!actions.not && !concerns) continue;
    const condition = conditions.find(({ key }) => !KNOWN_KEYS.has(key.toLowerCase()));
    if (condition !== undefined) {
      return `statement ${at + 1} depends on ${condition.key}, which is not known here`;
    }
    const variable =
      resources.patterns.find((pattern) => pattern.includes("${")) ??
      conditions.flatMap(({ values }) => values).find(hasUnknownVariable);
    if (variable !== undefined) return `statement ${at + 1} has the policy variable ${variable}`;
  }
  return undefined;
}
