import type { LambdaFunction, Project } from "../../definition/project.ts";
import { familyOf, placeOfProgram } from "../../definition/runtimes.ts";
import { ref } from "../../readers/cloudformation/rules/write-intrinsics.ts";
import { functionRole, roleOf } from "./function-role.ts";
import { layerName } from "./layers.ts";
import { logGroup } from "./log-group.ts";
import {
  aliasLogicalId,
  BUCKET_PARAMETER,
  functionLogicalId,
  layerLogicalId,
  logGroupLogicalId,
  roleLogicalId,
} from "./logical-ids.ts";
import type { Resource } from "./model.ts";
import type { PlacedApi } from "./placed-apis.ts";
import { toIntrinsics } from "./reference-values.ts";

/** The location of a function's code in the bucket of the parameter ArtifactBucket. */
export type CodeLocation = {
  /** Key of the zip file. */
  readonly key: string;
  /** The handler in that zip file. Default: the definition's. */
  readonly handler?: string;
};

/** A Lambda function with its log group, and the role that the stack creates for it. */
export function functionResources(
  project: Project,
  apis: readonly PlacedApi[],
  fn: LambdaFunction,
  code: CodeLocation,
): Readonly<Record<string, Resource>> {
  const logs = logGroupLogicalId(fn.name);
  return {
    [functionLogicalId(fn.name)]: lambdaFunction(apis, fn, code),
    [logs]: logGroup(`/aws/lambda/\${AWS::StackName}/${fn.name}`, project.deploy.logRetention),
    ...Object.fromEntries((fn.aliases ?? []).map((alias) => aliasOf(fn.name, alias))),
    ...(fn.role === undefined && { [roleLogicalId(fn.name)]: functionRole(project, apis, fn) }),
  };
}

/** It points to the code of the newest deployment, as on this machine. */
function aliasOf(functionName: string, Name: string): readonly [string, Resource] {
  const FunctionName = ref(functionLogicalId(functionName));
  const Properties = { FunctionName, FunctionVersion: "$LATEST", Name };
  return [aliasLogicalId(functionName, Name), { Type: "AWS::Lambda::Alias", Properties }];
}

function lambdaFunction(
  apis: readonly PlacedApi[],
  fn: LambdaFunction,
  code: CodeLocation,
): Resource {
  // must not reference a stage, a route or a deployment, which are all created after the function
  const variables = toIntrinsics(fn.environment, apis);
  return {
    Type: "AWS::Lambda::Function",
    Properties: {
      Code: { S3Bucket: ref(BUCKET_PARAMETER), S3Key: code.key },
      ...(fn.description && { Description: fn.description }),
      ...(fn.functionName && { FunctionName: fn.functionName }),
      ...(Object.keys(variables).length > 0 && { Environment: { Variables: variables } }),
      Handler: code.handler ?? handlerOf(fn),
      ...(fn.layers.length > 0 && {
        Layers: fn.layers.map((layer) => ref(layerLogicalId(layerName(layer)))),
      }),
      LoggingConfig: { LogGroup: ref(logGroupLogicalId(fn.name)) },
      MemorySize: fn.memory,
      Role: roleOf(fn),
      Runtime: fn.runtime,
      Timeout: fn.timeout,
    },
  };
}

function handlerOf(fn: LambdaFunction): string {
  return familyOf(fn.runtime) === "node" ? fn.handler : placeOfProgram(fn).handler;
}
