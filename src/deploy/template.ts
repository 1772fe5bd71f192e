import type { Project } from "../definition/project.ts";
import { WsgwError } from "../errors.ts";
import { authorizerResources } from "./template/authorizers.ts";
import { domainResources } from "./template/custom-domain.ts";
import { deploymentOf } from "./template/deployment.ts";
import { type CodeLocation, functionResources } from "./template/functions.ts";
import { layerResources } from "./template/layers.ts";
import { BUCKET_PARAMETER } from "./template/logical-ids.ts";
import type { Resource, Template } from "./template/model.ts";
import { modelResources } from "./template/models.ts";
import { outputsOf } from "./template/outputs.ts";
import { type PlacedApi, placedApis } from "./template/placed-apis.ts";
import { permissionResources } from "./template/route-permissions.ts";
import { routeResources } from "./template/routes.ts";
import { stageResources } from "./template/stage.ts";
import { tableResources } from "./template/tables.ts";
import { usageResources } from "./template/usage-plans.ts";

export type { CodeLocation } from "./template/functions.ts";
export type { Json, JsonObject, Resource, Template } from "./template/model.ts";
export { renderTemplate } from "./template/render.ts";

export type TemplateOptions = {
  /** Locations of the functions' code, by function name. */
  readonly code: ReadonlyMap<string, CodeLocation>;
  /** Keys of the layers' zips, by the layers' names. Default: none. */
  readonly layers?: ReadonlyMap<string, string>;
  /** Identifies what is deployed; written to an output without any effect. */
  readonly buildId: string;
  /** Overrides the definition's setting. */
  readonly autoDeploy?: boolean;
};

type Resources = Readonly<Record<string, Resource>>;

/**
 * Converts a definition to a CloudFormation template. The result depends only on the arguments; of the
 * definition's order, only on which API and stage come first. Throws NOT_DEPLOYABLE if two parts have the
 * same logical id.
 */
export function synthesize(project: Project, options: TemplateOptions): Template {
  const { autoDeploy = project.deploy.autoDeploy, buildId, code, layers = new Map() } = options;
  const apis = placedApis(project);
  const functions = Object.values(project.functions).map((fn) => {
    const location = code.get(fn.name);
    if (location === undefined) throw new Error(`no code was passed for ${fn.name}`);
    return functionResources(project, apis, fn, location);
  });
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: descriptionOf(project),
    Parameters: {
      [BUCKET_PARAMETER]: {
        Type: "String",
        Description: "S3 bucket that holds the code of the functions",
      },
    },
    Resources: united([
      ...apis.flatMap((api) => apiResources(project, apis, api, autoDeploy)),
      domainResources(apis),
      usageResources(project, apis),
      tableResources(project),
      layerResources(layers),
      ...functions,
      permissionResources(project, apis),
    ]),
    Outputs: outputsOf(project, apis, buildId),
  };
}

function descriptionOf({ name, description, apis }: Project): string {
  const [first, ...others] = Object.values(apis);
  if (description || others.length > 0) return description || `The WebSocket APIs of ${name}`;
  return first?.description || `The WebSocket API ${first?.name}`;
}

/** An API with its routes, its deployment and its stages. */
function apiResources(
  { deploy }: Project,
  apis: readonly PlacedApi[],
  placed: PlacedApi,
  autoDeploy: boolean,
): readonly Resources[] {
  const { api, logicalId } = placed;
  const gateway = united([
    { [logicalId]: apiResource(placed) },
    ...Object.values(api.authorizers).map((authorizer) => authorizerResources(placed, authorizer)),
    ...Object.entries(api.models).map(([name, schema]) => modelResources(placed, name, schema)),
    ...Object.values(api.routes).map((route) => routeResources(apis, placed, route)),
  ]);
  const deployment = autoDeploy ? undefined : deploymentOf(placed, gateway);
  return [
    gateway,
    deployment === undefined ? {} : { [deployment.logicalId]: deployment.resource },
    ...stageResources({ deploy, apis, placed, deploymentId: deployment?.logicalId }),
  ];
}

function apiResource({ api }: PlacedApi): Resource {
  return {
    Type: "AWS::ApiGatewayV2::Api",
    Properties: {
      ...(api.apiKeySelectionExpression !== "$request.header.x-api-key" && {
        ApiKeySelectionExpression: api.apiKeySelectionExpression,
      }),
      ...(api.description && { Description: api.description }),
      ...(api.disableExecuteApiEndpoint && { DisableExecuteApiEndpoint: true }),
      ...(api.disableSchemaValidation && { DisableSchemaValidation: true }),
      ...(api.ipAddressType !== undefined && { IpAddressType: api.ipAddressType }),
      Name: api.name,
      ProtocolType: "WEBSOCKET",
      RouteSelectionExpression: api.routeSelectionExpression,
    },
  };
}

/** All resources together. Logical ids are composed of several parts, so two may be equal. */
function united(parts: readonly Resources[]): Resources {
  const entries = parts.flatMap((part) => Object.entries(part));
  const seen = new Set<string>();
  for (const [id] of entries) {
    if (seen.has(id)) {
      const message = `Two parts of the project would both be ${id} in the stack. Rename an API, a stage or a route.`;
      throw new WsgwError("NOT_DEPLOYABLE", message);
    }
    seen.add(id);
  }
  return Object.fromEntries(entries);
}
