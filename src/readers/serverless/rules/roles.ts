import type { Json, JsonObject } from "../../cloudformation/rules/origins.ts";
import { isObject, listOf, oneOrMore } from "../../cloudformation/rules/tree.ts";
import { attribute } from "../../cloudformation/rules/write-intrinsics.ts";
import { normalized } from "./names.ts";
import { mapOf, type Spot, type Written } from "./written.ts";

/** The role of functions without one of their own. */
export const DEFAULT_ROLE = "IamRoleLambdaExecution";

const ASSUMED = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { Service: ["lambda.amazonaws.com"] },
      Action: ["sts:AssumeRole"],
    },
  ],
};

const LOGS: Json = {
  Effect: "Allow",
  Action: ["logs:CreateLogStream", "logs:CreateLogGroup", "logs:TagResource", "logs:PutLogEvents"],
  Resource: [{ "Fn::Sub": "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:*" }],
};

/** Writes the role that Serverless creates, with the permissions of the service and its functions' events. */
export function addDefaultRole(written: Written): void {
  const { provider } = written.service;
  const role = mapOf(mapOf(provider.iam).role);
  const statements = role.statements ?? provider.iamRoleStatements;
  const managed = role.managedPolicies ?? provider.iamManagedPolicies;
  const spot = { node: isObject(mapOf(provider.iam).role) ? role : provider };
  const all = [LOGS, ...listOf(statements), ...written.statements];
  addRole(written, DEFAULT_ROLE, all, oneOrMore(managed), spot);
}

/**
 * The role that the plugin serverless-iam-roles-per-function creates; undefined for a function without its
 * settings.
 */
export function ownRole(written: Written, key: string, fn: JsonObject): Json | undefined {
  const { plugins, provider, custom } = written.service;
  if (!plugins.includes("serverless-iam-roles-per-function")) return undefined;
  if (fn.iamRoleStatements === undefined) return undefined;
  const settings = mapOf(custom["serverless-iam-roles-per-function"]);
  const inherits = fn.iamRoleStatementsInherit ?? settings.defaultInherit;
  const shared = mapOf(mapOf(provider.iam).role).statements ?? provider.iamRoleStatements;
  const statements = [
    LOGS,
    ...listOf(fn.iamRoleStatements),
    ...(inherits === true ? listOf(shared) : []),
  ];
  const id = `${normalized(key)}${DEFAULT_ROLE}`;
  addRole(written, id, statements, [], { node: fn, key: "iamRoleStatements" });
  return attribute(id, "Arn");
}

/** A resource that is unknown here may be any. */
function withoutOpen(statement: Json, { service, origins }: Written): Json {
  const { Resource } = mapOf(statement);
  const isOpen = (text: string) => [...service.open].some((name) => text.includes(name));
  if (Resource === undefined || !isOpen(JSON.stringify(Resource))) return statement;
  return origins.inherit({ ...mapOf(statement), Resource: "*" }, statement);
}

function addRole(
  written: Written,
  id: string,
  statements: readonly Json[],
  managed: readonly Json[],
  spot: Spot,
): void {
  const policy = {
    PolicyName: id,
    PolicyDocument: {
      Version: "2012-10-17",
      Statement: statements.map((statement) => withoutOpen(statement, written)),
    },
  };
  const properties = {
    AssumeRolePolicyDocument: ASSUMED,
    Policies: [policy],
    ...(managed.length > 0 && { ManagedPolicyArns: managed }),
  };
  written.put(id, "AWS::IAM::Role", properties, spot);
}
