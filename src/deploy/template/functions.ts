import type { Api, ApiFunction } from "../../definition/project.ts";
import { familyOf, placeOfProgram } from "../../definition/runtimes.ts";
import { getAtt, ref, sub } from "./intrinsics.ts";
import {
  functionLogicalId,
  IDS,
  logGroupLogicalId,
  roleLogicalId,
  tableLogicalId,
} from "./logical-ids.ts";
import type { Json, Resource } from "./model.ts";
import { functionRole } from "./roles.ts";
import { tablesOf } from "./tables.ts";
import { apisOf, toIntrinsics } from "./values.ts";

/** Where the code of one function is, in the bucket that the parameter ArtifactBucket names. */
export type CodeLocation = {
  /** Key of the zip file. */
  readonly key: string;
  /** How Lambda calls the handler in that zip file. Default: as the definition does. */
  readonly handler?: string;
};

/** A Lambda function with its log group, and the role that the stack makes for it. */
export function functionResources(
  api: Api,
  fn: ApiFunction,
  code: CodeLocation,
): Readonly<Record<string, Resource>> {
  const logs = logGroupLogicalId(fn.name);
  return {
    [functionLogicalId(fn.name)]: lambdaFunction(api, fn, code),
    [logs]: {
      Type: "AWS::Logs::LogGroup",
      DeletionPolicy: "Delete",
      UpdateReplacePolicy: "Delete",
      Properties: {
        LogGroupName: sub(`/aws/lambda/\${AWS::StackName}/${fn.name}`),
        RetentionInDays: api.deploy.logRetention,
      },
    },
    ...(fn.role === undefined && { [roleLogicalId(fn.name)]: functionRole(api, fn) }),
  };
}

function lambdaFunction(api: Api, fn: ApiFunction, code: CodeLocation): Resource {
  const variables = environmentOf(api, fn);
  return {
    Type: "AWS::Lambda::Function",
    Properties: {
      Code: { S3Bucket: ref(IDS.artifactBucket), S3Key: code.key },
      ...(fn.description && { Description: fn.description }),
      ...(Object.keys(variables).length > 0 && { Environment: { Variables: variables } }),
      Handler: code.handler ?? handlerOf(fn),
      LoggingConfig: { LogGroup: ref(logGroupLogicalId(fn.name)) },
      MemorySize: fn.memory,
      Role: roleOf(fn),
      Runtime: fn.runtime,
      Timeout: fn.timeout,
    },
  };
}

function handlerOf(fn: ApiFunction): string {
  return familyOf(fn.runtime) === "node" ? fn.handler : placeOfProgram(fn).handler;
}

/**
 * What the function sees. Tables come by Ref; nothing here may refer to the stage, a route or the
 * deployment, which all come after the function.
 */
function environmentOf(api: Api, fn: ApiFunction): Readonly<Record<string, Json>> {
  const tables = tablesOf(api, fn.name).flatMap(({ environmentVariable, logicalName }) =>
    environmentVariable === undefined
      ? []
      : [[environmentVariable, ref(tableLogicalId(logicalName))] as const],
  );
  return {
    ...toIntrinsics(fn.environment, apisOf(api)),
    ...Object.fromEntries(tables),
  };
}

function roleOf(fn: ApiFunction): Json {
  if (fn.role === undefined) return getAtt(roleLogicalId(fn.name), "Arn");
  return fn.role.startsWith("arn:")
    ? fn.role
    : sub(`arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/${fn.role}`);
}
