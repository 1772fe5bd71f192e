import { didYouMean } from "../../../definition/faults.ts";
import type { Json, JsonObject } from "../../cloudformation/rules/origins.ts";
import { field, isObject, objectOf, oneOrMore } from "../../cloudformation/rules/tree.ts";
import { getAtt, sub } from "../../cloudformation/rules/write-intrinsics.ts";
import { type Expansion, isIntrinsic, pick, type SamResource } from "./expansion.ts";
import { POLICY_TEMPLATES, type PolicyTemplate } from "./policy-templates.ts";
import { tagsOf } from "./tags.ts";

/** The permissions of a role. */
export type Grants = {
  readonly managed: readonly Json[];
  readonly inline: readonly Json[];
};

/** AWS managed policies whose ARN has `service-role/` before the name. */
const SERVICE_ROLES =
  /^AWSLambda(BasicExecutionRole|BasicDurableExecutionRolePolicy|VPCAccessExecutionRole|DynamoDBExecutionRole|KinesisExecutionRole|SQSQueueExecutionRole|MSKExecutionRole|ENIManagementAccess|Role)$/;

/** The ARN of an AWS managed policy. */
export function managedPolicy(name: string): JsonObject {
  const path = SERVICE_ROLES.test(name) ? "service-role/" : "";
  return sub(`arn:\${AWS::Partition}:iam::aws:policy/${path}${name}`);
}

/**
 * Adds the role that SAM creates for a function or state machine, with the permissions of its `Policies` and
 * events.
 */
export function addRole(
  expansion: Expansion,
  sam: SamResource,
  service: string,
  grants: Grants,
  attributes: JsonObject = {},
): void {
  const { properties } = sam;
  const written = policiesOf(expansion, sam);
  const managed = [...new Map([...grants.managed, ...written.managed].map(byText)).values()];
  const inline = [...grants.inline, ...written.inline];
  const role = {
    AssumeRolePolicyDocument: properties.AssumeRolePolicyDocument ?? trust(service),
    ...(managed.length === 0 ? {} : { ManagedPolicyArns: managed }),
    ...(inline.length === 0 ? {} : { Policies: inline }),
    ...(properties.RolePath === undefined ? {} : { Path: properties.RolePath }),
    ...pick(properties, ["PermissionsBoundary"]),
    Tags: tagsOf(expansion, sam),
  };
  const made = expansion.from(role, properties, {
    ManagedPolicyArns: "Policies",
    Path: "RolePath",
  });
  expansion.beside(sam, `${sam.id}Role`, "AWS::IAM::Role", made, attributes);
}

function byText(value: Json): readonly [string, Json] {
  return [JSON.stringify(value), value];
}

/** A trust policy for a service. */
export function trust(service: string): JsonObject {
  const statement = {
    Action: ["sts:AssumeRole"],
    Effect: "Allow",
    Principal: { Service: [service] },
  };
  return { Version: "2012-10-17", Statement: [statement] };
}

/** An inline policy with one statement. */
export function inlinePolicy(name: string, action: Json, resource: Json): JsonObject {
  const statement = { Effect: "Allow", Action: action, Resource: resource };
  return {
    PolicyName: name,
    PolicyDocument: { Version: "2012-10-17", Statement: [statement] },
  };
}

/** The value of `Role` if one case of its `!If` leaves the role to SAM, and the condition of that role. */
export function conditionalRole(
  expansion: Expansion,
  sam: SamResource,
): { readonly role: Json; readonly attributes: JsonObject } | undefined {
  const { Role } = sam.properties;
  const choice = isObject(Role) ? Role["Fn::If"] : undefined;
  if (!Array.isArray(choice)) return undefined;
  const [condition, whenTrue, whenFalse] = choice;
  if (typeof condition !== "string") return undefined;
  const own = getAtt(`${sam.id}Role`, "Arn");
  if (isNoValue(whenTrue) && isNoValue(whenFalse)) return { role: own, attributes: {} };
  if (isNoValue(whenTrue)) {
    return {
      role: { "Fn::If": [condition, own, whenFalse] },
      attributes: { Condition: condition },
    };
  }
  if (!isNoValue(whenFalse)) return undefined;
  const opposite = `NOT${condition}`;
  expansion.conditions.set(opposite, { "Fn::Not": [{ Condition: condition }] });
  return { role: { "Fn::If": [condition, whenTrue, own] }, attributes: { Condition: opposite } };
}

function isNoValue(value: unknown): boolean {
  return isObject(value) && value.Ref === "AWS::NoValue";
}

/** The contents of `Policies`: names and ARNs of managed policies, documents, and policy templates. */
function policiesOf(expansion: Expansion, sam: SamResource): Grants {
  const managed: Json[] = [];
  const inline: Json[] = [];
  const policies = oneOrMore(sam.properties.Policies);
  for (const [at, policy] of policies.entries()) {
    const name = `${sam.id}RolePolicy${at}`;
    if (typeof policy === "string") {
      managed.push(policy.startsWith("arn:") ? policy : managedPolicy(policy));
      continue;
    }
    const document = documentOf(expansion, sam, policy, name);
    if (document === undefined) continue;
    if (isIntrinsic(document)) (isInline(document) ? inline : managed).push(document);
    else inline.push({ PolicyName: name, PolicyDocument: document });
  }
  return { managed, inline };
}

/** A policy as a document; an intrinsic function stays. */
function documentOf(
  expansion: Expansion,
  sam: SamResource,
  policy: Json,
  inlineName: string,
): JsonObject | undefined {
  const what = `${sam.type} ${JSON.stringify(sam.id)}`;
  const names = isObject(policy) ? Object.keys(policy) : [];
  const [name] = names;
  if (!isObject(policy) || name === undefined) {
    expansion.error(
      `${what}: a policy is a name, an ARN, a document with a Statement, or a policy template.`,
      sam.properties,
      "Policies",
    );
    return undefined;
  }
  if (policy.Statement !== undefined) return policy;
  const choice = policy["Fn::If"];
  if (Array.isArray(choice) && choice.some(isTemplate)) {
    const made = choice.map((each, at) => {
      const isCase = at > 0 && isTemplate(each);
      const document = isCase && documentOf(expansion, sam, each, inlineName);
      return document ? { PolicyName: inlineName, PolicyDocument: document } : each;
    });
    return expansion.from({ "Fn::If": made }, policy);
  }
  if (isIntrinsic(policy)) return policy;
  if (names.length > 1) {
    const problem = `${what}: a policy has the keys ${names.join(", ")}. Write each policy template as a policy of its own.`;
    expansion.error(problem, policy, name);
    return undefined;
  }
  const template = field(POLICY_TEMPLATES, name);
  if (template === undefined) {
    const meant = didYouMean(name, Object.keys(POLICY_TEMPLATES)) ?? ".";
    expansion.error(
      `${what}: SAM has no policy template ${JSON.stringify(name)}${meant}`,
      policy,
      name,
    );
    return undefined;
  }
  const values = objectOf(policy[name]);
  expansion.checkWords(
    `Policy template ${name}`,
    expansion.from(values, policy),
    parametersOf(template),
    "ignored",
  );
  return expansion.from(documentFrom(template, values), policy);
}

/** Whether a case of `!If` is a document or a policy template. */
function isTemplate(policy: Json): boolean {
  return isObject(policy) && !isIntrinsic(policy);
}

/** Whether `!If` selects between inline policies. */
function isInline(choice: JsonObject): boolean {
  const cases = choice["Fn::If"];
  return (
    Array.isArray(cases) && cases.some((each) => isObject(each) && each.PolicyName !== undefined)
  );
}

/** The parameters of a policy template, in the vocabulary's format; all are required. */
function parametersOf(template: PolicyTemplate): string {
  const texts = template.flatMap(({ on, when = [] }) => [...on, ...when]);
  const names = texts.flatMap((text) =>
    [...text.matchAll(/(?<!\$)\{(\w+)\}/g)].map((match) => `${match[1]}*`),
  );
  return [...new Set(names)].join(" ");
}

function documentFrom(template: PolicyTemplate, values: JsonObject): JsonObject {
  const statements = template.map(({ actions, on, when }) => {
    const [service = "", ...names] = actions.split(" ");
    const resources = on.map((resource) => arnOf(service, resource, values));
    const condition = when && { [when[0]]: { [when[1]]: filled(when[2], values) } };
    return {
      Effect: "Allow",
      Action: names.map((name) => `${service}${name}`),
      Resource: resources,
      ...(condition === undefined ? {} : { Condition: condition }),
    };
  });
  return { Version: "2012-10-17", Statement: statements };
}

function arnOf(service: string, resource: string, values: JsonObject): Json {
  if (resource === "*") return resource;
  const isWhole = /^(arn:|\{\w+Arn\}$)/.test(resource);
  const start = `arn:\${AWS::Partition}:${service}\${AWS::Region}:\${AWS::AccountId}:`;
  return filled(isWhole ? resource : start + resource, values);
}

/** A pattern with its parameters filled in. */
function filled(pattern: string, values: JsonObject): Json {
  const used = [...pattern.matchAll(/(?<!\$)\{(\w+)\}/g)].map((match) => match[1] ?? "");
  const text = pattern.replace(/(?<!\$)\{(\w+)\}/g, "${$1}");
  const variables = Object.fromEntries(used.map((name) => [name, field(values, name) ?? ""]));
  return used.length === 0 ? sub(text) : sub(text, variables);
}

/** A role for a service that invokes, such as a schedule. */
export function serviceRole(
  service: string,
  action: string,
  resource: Json,
  name: string,
): JsonObject {
  return {
    AssumeRolePolicyDocument: trust(service),
    Policies: [inlinePolicy(name, action, resource)],
  };
}
