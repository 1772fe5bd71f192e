import type { Api } from "../definition/project.ts";
import { domainResources } from "./template/domain.ts";
import { type CodeLocation, functionResources } from "./template/functions.ts";
import { IDS } from "./template/logical-ids.ts";
import type { Resource, Template } from "./template/model.ts";
import { outputsOf } from "./template/outputs.ts";
import { permissionResources, routeResources } from "./template/routes.ts";
import { deploymentOf, stageResources } from "./template/stage.ts";
import { tableResources } from "./template/tables.ts";

export type { CodeLocation } from "./template/functions.ts";
export type { Json, JsonObject, Resource, Template } from "./template/model.ts";
export { renderTemplate } from "./template/render.ts";

export type TemplateOptions = {
  /** Where the code of each function is, by the function's name. */
  readonly code: ReadonlyMap<string, CodeLocation>;
  /** What is deployed; stands in an output and decides nothing. */
  readonly buildId: string;
  /** Takes the place of the definition's setting. */
  readonly autoDeploy?: boolean;
};

/**
 * Turns a definition into a CloudFormation template. What is put where depends on nothing but the
 * arguments, and on no order in which the definition was written.
 */
export function synthesize(api: Api, options: TemplateOptions): Template {
  const { autoDeploy = api.deploy.autoDeploy, buildId, code } = options;
  const gateway: Readonly<Record<string, Resource>> = Object.assign(
    { [IDS.api]: apiResource(api) },
    ...Object.values(api.routes).map(routeResources),
  );
  const deployment = autoDeploy ? undefined : deploymentOf(gateway);
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: api.description || `The WebSocket API ${api.name}`,
    Parameters: {
      [IDS.artifactBucket]: {
        Type: "String",
        Description: "S3 bucket that holds the code of the functions",
      },
    },
    Resources: {
      ...gateway,
      ...(deployment && { [deployment.logicalId]: deployment.resource }),
      ...stageResources(api, deployment?.logicalId),
      ...domainResources(api),
      ...tableResources(api),
      ...functionsOf(api, code),
      ...permissionResources(api),
    },
    Outputs: outputsOf(api, buildId),
  };
}

function apiResource(api: Api): Resource {
  return {
    Type: "AWS::ApiGatewayV2::Api",
    Properties: {
      ...(api.description && { Description: api.description }),
      Name: api.name,
      ProtocolType: "WEBSOCKET",
      RouteSelectionExpression: api.routeSelectionExpression,
    },
  };
}

function functionsOf(api: Api, code: TemplateOptions["code"]): Readonly<Record<string, Resource>> {
  const each = Object.values(api.functions).map((fn) => {
    const location = code.get(fn.name);
    if (location === undefined) throw new Error(`no code was handed over for ${fn.name}`);
    return functionResources(api, fn, location);
  });
  return Object.assign({}, ...each);
}
