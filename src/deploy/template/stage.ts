import { createHash } from "node:crypto";
import type { Api } from "../../definition/project.ts";
import { getAtt, ref, sub } from "./intrinsics.ts";
import { deploymentLogicalId, IDS } from "./logical-ids.ts";
import { canonicalJson, type JsonObject, type Resource } from "./model.ts";
import { apisOf, toIntrinsics } from "./values.ts";

type Resources = Readonly<Record<string, Resource>>;

/** What a deployment is a snapshot of. */
const IN_A_DEPLOYMENT: ReadonlySet<string> = new Set(
  [
    "Api",
    "Authorizer",
    "Integration",
    "IntegrationResponse",
    "Model",
    "Route",
    "RouteResponse",
  ].map((name) => `AWS::ApiGatewayV2::${name}`),
);

/**
 * The deployment of an API. It never changes once it is made, so one with another logical id takes
 * its place as soon as anything that it is a snapshot of is another. Code and stage are no part of it.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-stages.html
 */
export function deploymentOf(resources: Resources): {
  readonly logicalId: string;
  readonly resource: Resource;
} {
  const ids = Object.keys(resources)
    .filter((id) => IN_A_DEPLOYMENT.has(resources[id]?.Type ?? ""))
    .sort();
  const snapshot = ids.map((id) => [id, { ...resources[id] } as JsonObject]);
  const hash = createHash("sha256").update(canonicalJson(Object.fromEntries(snapshot)));
  return {
    logicalId: deploymentLogicalId(hash.digest("hex").slice(0, 10)),
    resource: {
      Type: "AWS::ApiGatewayV2::Deployment",
      DependsOn: ids.filter((id) => id !== IDS.api),
      Properties: { ApiId: ref(IDS.api) },
    },
  };
}

/** The stage, with its access log if there is one. `deploymentId` is left out where changes deploy themselves. */
export function stageResources(api: Api, deploymentId: string | undefined): Resources {
  const { logging } = api.deploy;
  const { description, name, variables } = api.stage;
  return {
    ...(logging?.accessLog !== undefined && {
      [IDS.accessLogs]: {
        Type: "AWS::Logs::LogGroup",
        DeletionPolicy: "Delete",
        UpdateReplacePolicy: "Delete",
        Properties: {
          LogGroupName: sub(`/aws/apigateway/\${AWS::StackName}/${name}`),
          RetentionInDays: api.deploy.logRetention,
        },
      },
    }),
    [IDS.stage]: {
      Type: "AWS::ApiGatewayV2::Stage",
      Properties: {
        ApiId: ref(IDS.api),
        ...(deploymentId === undefined
          ? { AutoDeploy: true }
          : { DeploymentId: ref(deploymentId) }),
        ...(description && { Description: description }),
        StageName: name,
        ...(Object.keys(variables).length > 0 && {
          StageVariables: toIntrinsics(variables, apisOf(api)),
        }),
        ...(logging?.accessLog !== undefined && {
          AccessLogSettings: {
            DestinationArn: getAtt(IDS.accessLogs, "Arn"),
            Format: logging.accessLog,
          },
        }),
        ...(logging !== undefined &&
          logging.level !== "OFF" && {
            DefaultRouteSettings: {
              DataTraceEnabled: logging.dataTrace,
              LoggingLevel: logging.level,
            },
          }),
      },
    },
  };
}
