import { isCustom } from "../../definition/integrations.ts";
import type {
  CustomIntegration,
  IntegrationResponseDefinition,
  Route,
} from "../../definition/project.ts";
import { replaceReferences } from "../../definition/references.ts";
import { getAtt, literal, ref, sub } from "../../readers/cloudformation/rules/write-intrinsics.ts";
import { given } from "../../values/given.ts";
import {
  functionLogicalId,
  integrationLogicalId,
  integrationResponseLogicalId,
  integrationRoleLogicalId,
} from "./logical-ids.ts";
import { type JsonObject, plainJson, type Resource } from "./model.ts";
import type { PlacedApi } from "./placed-apis.ts";
import { toIntrinsic, toIntrinsics } from "./reference-values.ts";
import { roleResource } from "./role-resource.ts";

type Resources = Readonly<Record<string, Resource>>;

/** A route's integration, with its responses and the role with which it calls a service. */
export function integrationResources(
  apis: readonly PlacedApi[],
  { logicalId, prefix }: PlacedApi,
  route: Route,
): Resources {
  const { integration, routeKey } = route;
  if (integration.type === "none") return {};
  const id = integrationLogicalId(routeKey, prefix);
  const of = { ApiId: ref(logicalId) };
  const limit = { TimeoutInMillis: route.integrationTimeout };
  if (!isCustom(integration)) {
    return {
      [id]: resource({ ...of, ...ofFunction("AWS_PROXY", integration.function, route), ...limit }),
    };
  }
  const roleId = integrationRoleLogicalId(routeKey, prefix);
  const properties = {
    ...of,
    ...propertiesOf(integration, route, roleId, apis),
    ...(integration.type !== "mock" && limit),
  };
  return {
    [id]: resource(properties),
    ...responseResources(
      integration,
      of,
      (key) => [id, integrationResponseLogicalId(routeKey, key, prefix)],
      apis,
    ),
    ...(integration.type === "aws" &&
      integration.roleStatements !== undefined && {
        [roleId]: roleOf(routeKey, integration.roleStatements, apis),
      }),
  };
}

function resource(Properties: JsonObject): Resource {
  return { Type: "AWS::ApiGatewayV2::Integration", Properties };
}

function ofFunction(
  IntegrationType: "AWS" | "AWS_PROXY",
  name: string,
  route: Pick<Route, "calledAs">,
): JsonObject {
  const arn = arnIn(name, route.calledAs);
  return {
    IntegrationMethod: "POST", // the method of Lambda's Invoke, which accepts no other
    IntegrationType,
    IntegrationUri: sub(
      `arn:\${AWS::Partition}:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/${arn}/invocations`,
    ),
  };
}

/** The ARN of a function within `sub`, with its alias; API Gateway fills in stage variables. */
function arnIn(name: string, calledAs: string | undefined): string {
  const own = `\${${functionLogicalId(name)}.Arn}`;
  if (calledAs === undefined) return own;
  if (!calledAs.startsWith("${")) return `${own}${literal(calledAs.replace(/^[^:]*/, ""))}`;
  return `arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:function:${literal(calledAs)}`;
}

function propertiesOf(
  integration: CustomIntegration,
  route: Route,
  roleId: string,
  apis: readonly PlacedApi[],
): JsonObject {
  switch (integration.type) {
    case "mock":
      return { IntegrationType: "MOCK", ...templates(integration, apis) };
    case "lambda":
      return {
        ...ofFunction("AWS", integration.function, route),
        ...parameters(integration, apis),
        ...templates(integration, apis),
      };
    case "http":
      return { ...called("HTTP", integration, apis), ...templates(integration, apis) };
    case "http-proxy":
      return called("HTTP_PROXY", integration, apis);
    case "aws":
      return {
        CredentialsArn: integration.credentials ?? getAtt(roleId, "Arn"),
        ...called("AWS", integration, apis),
        ...templates(integration, apis),
      };
    default:
      return integration satisfies never;
  }
}

function called(
  IntegrationType: string,
  integration: Extract<CustomIntegration, { readonly uri: unknown }>,
  apis: readonly PlacedApi[],
): JsonObject {
  return {
    IntegrationMethod: integration.method ?? "POST",
    IntegrationType,
    IntegrationUri: toIntrinsic(integration.uri, apis),
    ...("vpcLink" in integration && {
      ConnectionType: "VPC_LINK",
      ConnectionId: integration.vpcLink,
    }),
    ...parameters(integration, apis),
  };
}

function parameters(
  {
    requestParameters,
  }: Pick<Extract<CustomIntegration, { readonly type: "http" }>, "requestParameters">,
  apis: readonly PlacedApi[],
): JsonObject {
  return requestParameters === undefined
    ? {}
    : { RequestParameters: toIntrinsics(requestParameters, apis) };
}

type Templated = Exclude<CustomIntegration, { readonly type: "http-proxy" }>;

function templates(
  {
    contentHandling,
    passthroughBehavior,
    requestTemplates,
    templateSelectionExpression,
  }: Templated,
  apis: readonly PlacedApi[],
): JsonObject {
  return given({
    ContentHandlingStrategy: contentHandling,
    PassthroughBehavior: passthroughBehavior,
    RequestTemplates: requestTemplates && toIntrinsics(requestTemplates, apis),
    TemplateSelectionExpression: templateSelectionExpression,
  });
}

function responseResources(
  integration: CustomIntegration,
  of: JsonObject,
  idsOf: (key: string) => readonly [integration: string, response: string],
  apis: readonly PlacedApi[],
): Resources {
  const responses = integration.type === "http-proxy" ? {} : (integration.responses ?? {});
  return Object.fromEntries(
    Object.entries(responses).map(([key, response]) => {
      const [integrationId, id] = idsOf(key);
      const Properties = {
        ...of,
        IntegrationId: ref(integrationId),
        IntegrationResponseKey: key,
        ...responseProperties(response, apis),
      };
      return [id, { Type: "AWS::ApiGatewayV2::IntegrationResponse", Properties }];
    }),
  );
}

function responseProperties(
  { contentHandling, templates: own, templateSelectionExpression }: IntegrationResponseDefinition,
  apis: readonly PlacedApi[],
): JsonObject {
  return given({
    ContentHandlingStrategy: contentHandling,
    ResponseTemplates: own && toIntrinsics(own, apis),
    TemplateSelectionExpression: templateSelectionExpression,
  });
}

function roleOf(
  routeKey: string,
  statements: NonNullable<Extract<CustomIntegration, { readonly type: "aws" }>["roleStatements"]>,
  apis: readonly PlacedApi[],
): Resource {
  const stated = replaceReferences(statements, (value) => toIntrinsic(value, apis));
  return roleResource({
    service: "apigateway.amazonaws.com",
    description: `What API Gateway may call for the route ${routeKey.replace(/[^\w+=,.@ -]/g, "")}`,
    policyName: "integration",
    statements: stated.map((statement) => plainJson(statement)),
  });
}
