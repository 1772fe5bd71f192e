import type { Json, JsonObject } from "../../cloudformation/rules/origins.ts";
import { isObject, listOf, objectOf, oneOrMore } from "../../cloudformation/rules/tree.ts";
import { getAtt } from "../../cloudformation/rules/write-intrinsics.ts";
import { normalized } from "./names.ts";
import type { Spot, Written } from "./written.ts";

const PLUGIN = "serverless-iam-roles-per-function";

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
  const role = objectOf(objectOf(provider.iam).role);
  const statements = role.statements ?? provider.iamRoleStatements;
  const managed = oneOrMore(role.managedPolicies ?? provider.iamManagedPolicies);
  const spot = { node: isObject(objectOf(provider.iam).role) ? role : provider };
  const all = [LOGS, ...listOf(statements), ...written.statements];
  addRole(written, DEFAULT_ROLE, all, spot, {
    ...(managed.length > 0 && { ManagedPolicyArns: managed }),
    ...boundary(sharedBoundary(written)),
  });
}

function sharedBoundary({ service: { plugins, provider, custom } }: Written): Json | undefined {
  const global = plugins.includes(PLUGIN)
    ? objectOf(custom[PLUGIN]).iamGlobalPermissionsBoundary
    : undefined;
  return (
    global ??
    objectOf(objectOf(provider.iam).role).permissionsBoundary ??
    provider.rolePermissionsBoundary
  );
}

function boundary(policy: Json | undefined): JsonObject {
  return policy === undefined ? {} : { PermissionsBoundary: policy };
}

/**
 * The role that the plugin serverless-iam-roles-per-function creates; undefined for a function without its
 * settings.
 */
export function ownRole(written: Written, key: string, fn: JsonObject): Json | undefined {
  const { plugins, provider, custom } = written.service;
  if (!plugins.includes(PLUGIN)) return undefined;
  if (fn.iamRoleStatements === undefined) return undefined;
  const settings = objectOf(custom[PLUGIN]);
  const inherits = fn.iamRoleStatementsInherit ?? settings.defaultInherit;
  const shared = objectOf(objectOf(provider.iam).role).statements ?? provider.iamRoleStatements;
  const statements = [
    LOGS,
    ...listOf(fn.iamRoleStatements),
    ...(inherits === true ? listOf(shared) : []),
  ];
  const id = `${normalized(key)}${DEFAULT_ROLE}`;
  const spot = { node: fn, key: "iamRoleStatements" };
  addRole(
    written,
    id,
    statements,
    spot,
    boundary(fn.iamPermissionsBoundary ?? sharedBoundary(written)),
  );
  return getAtt(id, "Arn");
}

/** A resource that is unknown here may be any. */
function withoutOpen(statement: Json, { service, origins }: Written): Json {
  const { Resource } = objectOf(statement);
  const isOpen = (text: string) => [...service.open].some((name) => text.includes(name));
  if (Resource === undefined || !isOpen(JSON.stringify(Resource))) return statement;
  return origins.inherit({ ...objectOf(statement), Resource: "*" }, statement);
}

function addRole(
  written: Written,
  id: string,
  statements: readonly Json[],
  spot: Spot,
  more: JsonObject,
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
    ...more,
  };
  written.put(id, "AWS::IAM::Role", properties, spot);
}
