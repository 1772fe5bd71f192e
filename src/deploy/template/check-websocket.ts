import { shown } from "../../definition/faults.ts";
import { fault, type TemplateFault } from "./faults.ts";
import { isJsonObject, type Json, type JsonObject, type Template } from "./model.ts";
import { referencesIn } from "./references.ts";

type Entry = readonly [id: string, properties: JsonObject];

/**
 * Rules of API Gateway's WebSocket APIs that no schema has, and the mistakes after which a deploy
 * says that it went well and nothing answers.
 */
export function checkWebSocket(template: Template): readonly TemplateFault[] {
  const of = (name: string): readonly Entry[] =>
    Object.entries(template.Resources).flatMap(([id, { Type, Properties = {} }]) =>
      Type === `AWS::ApiGatewayV2::${name}` ? [[id, Properties] as const] : [],
    );
  const apis = of("Api").filter(([, api]) => api.ProtocolType !== "HTTP");
  const ids = new Set(apis.map(([id]) => id));
  const ofApis = (name: string) => of(name).filter(([, { ApiId }]) => ids.has(refOf(ApiId) ?? ""));
  const routes = ofApis("Route");
  return [
    ...apis.flatMap(checkApi),
    ...checkRoutes(routes),
    ...ofApis("Integration").flatMap(checkIntegration),
    ...checkTwoWay(routes, ofApis("RouteResponse")),
    ...apis.flatMap(([id]) => checkDeployments(template, id, ofApis)),
    ...ofApis("Stage").flatMap(checkStage),
    ...checkTargets(routes, of("Integration"), template),
  ];
}

/** @see https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis.html */
function checkApi([id, api]: Entry): readonly TemplateFault[] {
  if (api.RouteSelectionExpression !== undefined || api.ProtocolType === undefined) return [];
  return [fault(id, "RouteSelectionExpression", "is missing; a WebSocket API must have it.")];
}

const PREDEFINED = ["$connect", "$disconnect", "$default"];

function checkRoutes(routes: readonly Entry[]): readonly TemplateFault[] {
  const seen = new Map<string, string>();
  return routes.flatMap(([id, route]) => {
    const { ApiId, AuthorizationType, AuthorizerId, RouteKey, Target } = route;
    const faults: TemplateFault[] = [];
    if (typeof RouteKey === "string") {
      const key = `${refOf(ApiId)} ${RouteKey}`;
      const other = seen.get(key);
      seen.set(key, id);
      if (RouteKey.startsWith("$") && !PREDEFINED.includes(RouteKey)) {
        faults.push(
          fault(
            id,
            "RouteKey",
            `${shown(RouteKey)} begins with $ and is none of ${PREDEFINED.join(", ")}.`,
          ),
        );
      }
      if (other !== undefined) {
        faults.push(fault(id, "RouteKey", `${shown(RouteKey)} is the key of ${other} too.`));
      }
      if (
        RouteKey !== "$connect" &&
        AuthorizationType !== undefined &&
        AuthorizationType !== "NONE"
      ) {
        faults.push(
          fault(id, "AuthorizationType", "only $connect can have another one than NONE."),
        );
      }
    }
    if (AuthorizationType === "JWT") {
      faults.push(fault(id, "AuthorizationType", "JWT is for HTTP APIs; use CUSTOM or AWS_IAM."));
    }
    if (AuthorizationType === "CUSTOM" && AuthorizerId === undefined) {
      faults.push(fault(id, "AuthorizerId", "is missing; AuthorizationType CUSTOM needs it."));
    }
    if (Target === undefined) {
      faults.push(fault(id, "Target", "is missing; the route would lead nowhere."));
    }
    return faults;
  });
}

function checkTargets(
  routes: readonly Entry[],
  integrations: readonly Entry[],
  template: Template,
): readonly TemplateFault[] {
  const byId = new Map(integrations);
  const targets = referencesIn(template).filter(
    ({ section, path }) => section === "Resources" && path.split(/[.[]/)[0] === "Target",
  );
  return routes.flatMap(([id, { ApiId }]) =>
    targets
      .filter(({ from, to }) => from === id && template.Resources[to] !== undefined)
      .flatMap(({ to }) => {
        const integration = byId.get(to);
        if (integration === undefined) return [fault(id, "Target", `${to} is no integration.`)];
        if (refOf(integration.ApiId) === refOf(ApiId)) return [];
        return [fault(id, "Target", `${to} is an integration of another API.`)];
      }),
  );
}

/** @see https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-integrations.html */
function checkIntegration([id, integration]: Entry): readonly TemplateFault[] {
  const { IntegrationMethod, IntegrationType, IntegrationUri, TimeoutInMillis } = integration;
  const faults: TemplateFault[] = [];
  if (IntegrationType !== "MOCK" && IntegrationUri === undefined) {
    faults.push(fault(id, "IntegrationUri", "is missing; only MOCK does without."));
  }
  if (
    IntegrationType === "AWS_PROXY" &&
    IntegrationMethod !== undefined &&
    IntegrationMethod !== "POST"
  ) {
    faults.push(
      fault(
        id,
        "IntegrationMethod",
        `${shown(IntegrationMethod)} is not POST, which Lambda wants.`,
      ),
    );
  }
  if (typeof TimeoutInMillis === "number" && (TimeoutInMillis < 50 || TimeoutInMillis > 29_000)) {
    faults.push(fault(id, "TimeoutInMillis", `${TimeoutInMillis} is not from 50 to 29000.`));
  }
  return faults;
}

/** A reply reaches the client only with both: the expression, and the response that it selects. */
function checkTwoWay(
  routes: readonly Entry[],
  responses: readonly Entry[],
): readonly TemplateFault[] {
  const answered = new Map(responses.map(([id, { RouteId }]) => [refOf(RouteId) ?? "", id]));
  return routes.flatMap(([id, { RouteResponseSelectionExpression: expression }]) => {
    const response = answered.get(id);
    if (expression !== undefined && response === undefined) {
      return [fault(id, "RouteResponseSelectionExpression", "the route has no RouteResponse.")];
    }
    if (expression === undefined && response !== undefined) {
      return [
        fault(id, "RouteResponseSelectionExpression", `is missing, so ${response} has no effect.`),
      ];
    }
    return [];
  });
}

/** A deployment that does not wait for the routes is a snapshot without them. */
function checkDeployments(
  template: Template,
  api: string,
  ofApis: (name: string) => readonly Entry[],
): readonly TemplateFault[] {
  const own = (name: string) => ofApis(name).filter(([, { ApiId }]) => refOf(ApiId) === api);
  const deployments = own("Deployment");
  const routes = own("Route");
  const needed = ["Route", "RouteResponse", "IntegrationResponse"].flatMap(own).map(([id]) => id);
  const faults = deployments.flatMap(([id]) => {
    const waits = [template.Resources[id]?.DependsOn ?? []].flat();
    const missing = needed.filter((other) => !waits.includes(other));
    return missing.length === 0
      ? []
      : [
          fault(
            id,
            "DependsOn",
            `lacks ${missing.join(", ")}, which the deployment would not have.`,
          ),
        ];
  });
  if (routes.length === 0 && deployments.length + own("Stage").length > 0) {
    faults.push(fault(api, "", "has no route; API Gateway deploys no API without one."));
  }
  return faults;
}

function checkStage([id, stage]: Entry): readonly TemplateFault[] {
  const { AutoDeploy, DeploymentId, StageName } = stage;
  const faults: TemplateFault[] = [];
  const deploysItself = AutoDeploy === true || AutoDeploy === "true";
  if (deploysItself && DeploymentId !== undefined) {
    faults.push(fault(id, "DeploymentId", "does not go with AutoDeploy; choose one of the two."));
  }
  if (!deploysItself && DeploymentId === undefined) {
    faults.push(fault(id, "DeploymentId", "is missing, so the stage would answer nobody."));
  }
  if (typeof StageName === "string" && !/^[\w-]{1,128}$/.test(StageName)) {
    faults.push(
      fault(id, "StageName", `${shown(StageName)} is not made of letters, digits, _ and -.`),
    );
  }
  return faults;
}

function refOf(value: Json | undefined): string | undefined {
  return isJsonObject(value) && typeof value.Ref === "string" ? value.Ref : undefined;
}
