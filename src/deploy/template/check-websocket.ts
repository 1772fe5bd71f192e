import { shown } from "../../definition/faults.ts";
import { isObject } from "../../readers/cloudformation/rules/tree.ts";
import { fault, type TemplateFault } from "./faults.ts";
import type { Json, JsonObject, Template } from "./model.ts";
import { referencesIn } from "./template-references.ts";

type Entry = readonly [id: string, properties: JsonObject];

/**
 * Rules of API Gateway's WebSocket APIs that no schema contains, and mistakes after which a deployment
 * succeeds but the API does not answer.
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

/** An error in one resource: a property and its problem. */
type Problem = readonly [property: string, problem: string];

/** The errors of a resource, without absent problems. */
function faultsOf(id: string, problems: readonly (Problem | false)[]): readonly TemplateFault[] {
  return problems.flatMap((problem) => (problem === false ? [] : [fault(id, ...problem)]));
}

/** @see https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis.html */
function checkApi([id, api]: Entry): readonly TemplateFault[] {
  const lacks = api.RouteSelectionExpression === undefined && api.ProtocolType !== undefined;
  return faultsOf(id, [
    lacks && ["RouteSelectionExpression", "is missing. A WebSocket API must have it."],
  ]);
}

const PREDEFINED = ["$connect", "$disconnect", "$default"];

function checkRoutes(routes: readonly Entry[]): readonly TemplateFault[] {
  const seen = new Map<string, string>();
  return routes.flatMap(([id, route]) => {
    const { ApiId, AuthorizationType = "NONE", AuthorizerId, RouteKey, Target } = route;
    const isText = typeof RouteKey === "string";
    const key = `${refOf(ApiId)} ${shown(RouteKey)}`;
    const other = isText ? seen.get(key) : undefined;
    seen.set(key, id);
    const isUnknown = isText && RouteKey.startsWith("$") && !PREDEFINED.includes(RouteKey);
    const authorizesLate = isText && RouteKey !== "$connect" && AuthorizationType !== "NONE";
    return faultsOf(id, [
      isUnknown && [
        "RouteKey",
        `${shown(RouteKey)} begins with $, but is not one of ${PREDEFINED.join(", ")}.`,
      ],
      other !== undefined && ["RouteKey", `${shown(RouteKey)} is the key of ${other} too.`],
      authorizesLate && ["AuthorizationType", "only $connect can have a value other than NONE."],
      AuthorizationType === "JWT" && [
        "AuthorizationType",
        "JWT is for HTTP APIs. Use CUSTOM or AWS_IAM.",
      ],
      AuthorizationType === "CUSTOM" &&
        AuthorizerId === undefined && [
          "AuthorizerId",
          "is missing. AuthorizationType CUSTOM needs it.",
        ],
      Target === undefined &&
        AuthorizationType === "NONE" && ["Target", "is missing. Add the integration of the route."],
    ]);
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
        if (integration === undefined) return [fault(id, "Target", `${to} is not an integration.`)];
        if (refOf(integration.ApiId) === refOf(ApiId)) return [];
        return [fault(id, "Target", `${to} is an integration of another API.`)];
      }),
  );
}

/** @see https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-integrations.html */
function checkIntegration([id, integration]: Entry): readonly TemplateFault[] {
  const {
    IntegrationMethod = "POST",
    IntegrationType,
    IntegrationUri,
    TimeoutInMillis,
  } = integration;
  const outside =
    typeof TimeoutInMillis === "number" && (TimeoutInMillis < 50 || TimeoutInMillis > 29_000);
  return faultsOf(id, [
    IntegrationType !== "MOCK" &&
      IntegrationUri === undefined && ["IntegrationUri", "is missing. Only MOCK works without it."],
    IntegrationType === "AWS_PROXY" &&
      IntegrationMethod !== "POST" && [
        "IntegrationMethod",
        `${shown(IntegrationMethod)} is not POST, which Lambda needs.`,
      ],
    outside && ["TimeoutInMillis", `${TimeoutInMillis} is not from 50 to 29000.`],
  ]);
}

/** Only a RouteResponse makes a route two-way; an expression without one has no effect. Captured on AWS. */
function checkTwoWay(
  routes: readonly Entry[],
  responses: readonly Entry[],
): readonly TemplateFault[] {
  const answered = new Set(responses.map(([, { RouteId }]) => refOf(RouteId)));
  const property = "RouteResponseSelectionExpression";
  return routes.flatMap(([id, route]) =>
    faultsOf(id, [
      route[property] !== undefined &&
        !answered.has(id) && [property, "the route has no RouteResponse."],
    ]),
  );
}

/** A deployment that does not depend on the routes is a snapshot without them. */
function checkDeployments(
  template: Template,
  api: string,
  ofApis: (name: string) => readonly Entry[],
): readonly TemplateFault[] {
  const own = (name: string) => ofApis(name).filter(([, { ApiId }]) => refOf(ApiId) === api);
  const deployments = own("Deployment");
  const routes = own("Route");
  const needed = ["Route", "RouteResponse", "IntegrationResponse"].flatMap(own).map(([id]) => id);
  const late = deployments.flatMap(([id]) => {
    const waits = [template.Resources[id]?.DependsOn ?? []].flat();
    const missing = needed.filter((other) => !waits.includes(other));
    return faultsOf(id, [
      missing.length > 0 && [
        "DependsOn",
        `lacks ${missing.join(", ")}, which the deployment would not have.`,
      ],
    ]);
  });
  const isBare = routes.length === 0 && deployments.length + own("Stage").length > 0;
  const bare = faultsOf(api, [
    isBare && ["", "has no route; API Gateway deploys no API without one."],
  ]);
  return [...late, ...bare];
}

function checkStage([
  id,
  { AutoDeploy, DeploymentId, StageName },
]: Entry): readonly TemplateFault[] {
  const deploysItself = AutoDeploy === true || AutoDeploy === "true";
  const isNamed = typeof StageName !== "string" || /^[\w-]{1,128}$/.test(StageName);
  return faultsOf(id, [
    deploysItself &&
      DeploymentId !== undefined && [
        "DeploymentId",
        "cannot be combined with AutoDeploy. Remove one of the two.",
      ],
    !deploysItself &&
      DeploymentId === undefined && [
        "DeploymentId",
        "is missing, so the stage would serve nothing.",
      ],
    !isNamed && ["StageName", `${shown(StageName)} does not consist of letters, digits, _ and -.`],
  ]);
}

function refOf(value: Json | undefined): string | undefined {
  return isObject(value) && typeof value.Ref === "string" ? value.Ref : undefined;
}
