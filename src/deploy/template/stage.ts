import type { ApiDeploy, Stage } from "../../definition/project.ts";
import { getAtt, ref } from "../../readers/cloudformation/rules/write-intrinsics.ts";
import { logGroup } from "./log-group.ts";
import { accessLogsLogicalId, routeLogicalId, stageLogicalId } from "./logical-ids.ts";
import type { JsonObject, Resource } from "./model.ts";
import type { PlacedApi } from "./placed-apis.ts";
import { toIntrinsics } from "./reference-values.ts";
import { throttleSettings } from "./usage-plans.ts";

type Resources = Readonly<Record<string, Resource>>;

type StageOptions = {
  readonly deploy: ApiDeploy;
  readonly apis: readonly PlacedApi[];
  /** The API of the stages. */
  readonly placed: PlacedApi;
  /** Undefined if changes are deployed automatically. */
  readonly deploymentId: string | undefined;
};

/** The stages of an API, with their access logs, if any. */
export function stageResources(options: StageOptions): readonly Resources[] {
  const { deploy, apis, placed, deploymentId } = options;
  const path = placed.prefix === "" ? "" : `${placed.api.key}/`;
  return placed.stages.map((stage) => ({
    ...(formatOf(stage, deploy) !== undefined && {
      [accessLogsLogicalId(stage.prefix)]: logGroup(
        `/aws/apigateway/\${AWS::StackName}/${path}${stage.name}`,
        deploy.logRetention,
      ),
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
  const { name, description, variables, prefix } = stage;
  const format = formatOf(stage, deploy);
  const { shared, routes } = routeSettings(stage, deploy);
  const limited = Object.keys(routes).map((key) => routeLogicalId(key, placed.prefix));
  return {
    Type: "AWS::ApiGatewayV2::Stage",
    // settings require existing routes; a deployment already depends on them
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
      ...(Object.keys(shared).length > 0 && { DefaultRouteSettings: shared }),
      ...(limited.length > 0 && { RouteSettings: routes }),
    },
  };
}

/** The settings of all routes of a stage, and complete settings of routes with their own. */
function routeSettings(
  { throttle, executionLog, detailedMetrics }: Stage,
  { logging }: ApiDeploy,
): { readonly shared: JsonObject; readonly routes: Readonly<Record<string, JsonObject>> } {
  const log = executionLog ?? logging;
  const limits = throttleSettings(throttle);
  const own = executionLog?.routes ?? {};
  const metrics = detailedMetrics === true ? { DetailedMetricsEnabled: true } : {};
  const shared = { ...logSettings(log), ...metrics, ...limits.shared };
  const keys = new Set([...Object.keys(own), ...Object.keys(limits.routes ?? {})]);
  const routes = [...keys].map((key) => {
    const logs =
      own[key] === undefined ? logSettings(log) : logSettings({ ...log, ...own[key] }, true);
    return [key, { ...logs, ...metrics, ...(limits.routes?.[key] ?? limits.shared) }] as const;
  });
  return { shared, routes: Object.fromEntries(routes) };
}

type LogLevel = { readonly level?: "OFF" | "ERROR" | "INFO"; readonly dataTrace?: boolean };

/** A level `OFF` is omitted, unless it overrides another. */
function logSettings(log: LogLevel | undefined, isOwn = false): JsonObject {
  const { level = "OFF", dataTrace = false } = log ?? {};
  return level === "OFF" && !isOwn ? {} : { DataTraceEnabled: dataTrace, LoggingLevel: level };
}
