import { createHash } from "node:crypto";
import type { ApiDeploy, Stage } from "../../definition/project.ts";
import { mapValues } from "../../values/map-values.ts";
import { getAtt, ref, sub } from "./intrinsics.ts";
import {
  accessLogsLogicalId,
  deploymentLogicalId,
  routeLogicalId,
  stageLogicalId,
} from "./logical-ids.ts";
import { canonicalJson, type JsonObject, type Resource } from "./model.ts";
import type { PlacedApi } from "./placed-apis.ts";
import { throttleSettings } from "./usage-plans.ts";
import { toIntrinsics } from "./values.ts";

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
export function deploymentOf(
  { logicalId, prefix }: PlacedApi,
  resources: Resources,
): {
  readonly logicalId: string;
  readonly resource: Resource;
} {
  const ids = Object.keys(resources)
    .filter((id) => IN_A_DEPLOYMENT.has(resources[id]?.Type ?? ""))
    .sort();
  const snapshot = ids.map((id) => [id, { ...resources[id] } as JsonObject]);
  const hash = createHash("sha256").update(canonicalJson(Object.fromEntries(snapshot)));
  return {
    logicalId: deploymentLogicalId(hash.digest("hex").slice(0, 10), prefix),
    resource: {
      Type: "AWS::ApiGatewayV2::Deployment",
      DependsOn: ids.filter((id) => id !== logicalId),
      Properties: { ApiId: ref(logicalId) },
    },
  };
}

type StageOptions = {
  readonly deploy: ApiDeploy;
  readonly apis: readonly PlacedApi[];
  /** The one whose stages they are. */
  readonly placed: PlacedApi;
  /** Undefined where changes deploy themselves. */
  readonly deploymentId: string | undefined;
};

/** The stages of an API, with their access logs if there are any. */
export function stageResources(options: StageOptions): readonly Resources[] {
  const { deploy, apis, placed, deploymentId } = options;
  const path = placed.prefix === "" ? "" : `${placed.api.key}/`;
  return placed.stages.map((stage) => ({
    ...(formatOf(stage, deploy) !== undefined && {
      [accessLogsLogicalId(stage.prefix)]: {
        Type: "AWS::Logs::LogGroup",
        DeletionPolicy: "Delete",
        UpdateReplacePolicy: "Delete",
        Properties: {
          LogGroupName: sub(`/aws/apigateway/\${AWS::StackName}/${path}${stage.name}`),
          RetentionInDays: deploy.logRetention,
        },
      },
    }),
    [stageLogicalId(stage.prefix)]: stageResource(stage, { deploy, apis, placed, deploymentId }),
  }));
}

/** The format of a stage's access log: its own, else that of all stages. */
function formatOf(
  { accessLog }: Pick<Stage, "accessLog">,
  { logging }: ApiDeploy,
): string | undefined {
  return accessLog?.format ?? logging?.accessLog;
}

function stageResource(
  stage: PlacedApi["stages"][number],
  { deploy, apis, placed, deploymentId }: StageOptions,
): Resource {
  const { name, description, variables, throttle, prefix } = stage;
  const { logging } = deploy;
  const format = formatOf(stage, deploy);
  const { shared, routes } = throttleSettings(throttle);
  const logs =
    logging === undefined || logging.level === "OFF"
      ? undefined
      : { DataTraceEnabled: logging.dataTrace, LoggingLevel: logging.level };
  const limited = Object.keys(routes ?? {}).map((key) => routeLogicalId(key, placed.prefix));
  return {
    Type: "AWS::ApiGatewayV2::Stage",
    // settings are of routes that are there; a deployment waits for them
    ...(deploymentId === undefined && limited.length > 0 && { DependsOn: limited }),
    Properties: {
      ApiId: ref(placed.logicalId),
      ...(deploymentId === undefined ? { AutoDeploy: true } : { DeploymentId: ref(deploymentId) }),
      ...(description && { Description: description }),
      StageName: name,
      ...(Object.keys(variables).length > 0 && { StageVariables: toIntrinsics(variables, apis) }),
      ...(format !== undefined && {
        AccessLogSettings: {
          DestinationArn: getAtt(accessLogsLogicalId(prefix), "Arn"),
          Format: format,
        },
      }),
      ...((logs ?? shared) !== undefined && { DefaultRouteSettings: { ...logs, ...shared } }),
      ...(routes !== undefined && {
        RouteSettings: mapValues(routes, (own) => ({ ...logs, ...own })),
      }),
    },
  };
}
