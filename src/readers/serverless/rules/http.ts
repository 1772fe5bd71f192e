import { isObject, objectOf } from "../../cloudformation/rules/tree.ts";
import { getAtt, ref } from "../../cloudformation/rules/write-intrinsics.ts";
import { normalized, pathId } from "./names.ts";
import { arnOf, invocationUri, type ServiceEvent, type Written } from "./written.ts";

type HttpRoute = { readonly method: string; readonly path: string };

/** `GET /rooms`, `*`, or `{ method, path }`. */
function routeOf({ value }: ServiceEvent): HttpRoute {
  if (isObject(value))
    return { method: String(value.method ?? "*"), path: String(value.path ?? "") };
  const [method = "", path] = String(value).trim().split(/\s+/);
  return path === undefined ? { method: "*", path: method } : { method, path };
}

/** Writes the REST API of the `http` events, limited to its routes. */
export function addRestApi(written: Written, events: readonly ServiceEvent[]): void {
  const { provider, name, stage } = written.service;
  if (events.length === 0 || objectOf(provider.apiGateway).restApiId !== undefined) return;
  const api = "ApiGatewayRestApi";
  const own = typeof provider.apiName === "string" ? provider.apiName : `${stage}-${name}`;
  written.put(api, "AWS::ApiGateway::RestApi", { Name: own }, { node: provider });
  for (const event of events) {
    const { method, path } = routeOf(event);
    const parts = path.split("/").filter((part) => part !== "");
    let [parent, resourceId] = [getAtt(api, "RootResourceId"), ""];
    for (const [at, part] of parts.entries()) {
      resourceId = `ApiGatewayResource${pathId(parts.slice(0, at + 1).join("/"))}`;
      const properties = { ParentId: parent, PathPart: part, RestApiId: ref(api) };
      written.put(resourceId, "AWS::ApiGateway::Resource", properties, event);
      parent = ref(resourceId);
    }
    const verb = method === "*" ? "ANY" : method.toUpperCase();
    const id = `ApiGatewayMethod${resourceId.replace(/^ApiGatewayResource/, "")}${normalized(verb.toLowerCase())}`;
    const integration = {
      IntegrationHttpMethod: "POST",
      Type: "AWS_PROXY",
      Uri: invocationUri(arnOf(event.name)),
    };
    const properties = {
      HttpMethod: verb,
      ResourceId: parent,
      RestApiId: ref(api),
      Integration: integration,
    };
    written.put(id, "AWS::ApiGateway::Method", properties, event);
  }
}

/** Writes the HTTP API of the `httpApi` events. */
export function addHttpApi(written: Written, events: readonly ServiceEvent[]): void {
  const { provider, name, stage } = written.service;
  const settings = objectOf(provider.httpApi);
  if (events.length === 0 || settings.id !== undefined) return;
  const api = "HttpApi";
  const own = typeof settings.name === "string" ? settings.name : `${stage}-${name}`;
  const properties = { Name: own, ProtocolType: "HTTP" };
  written.put(api, "AWS::ApiGatewayV2::Api", properties, { node: provider });
  for (const event of events) {
    const { method, path } = routeOf(event);
    const isDefault = path === "*" || path === "";
    const verb = method === "*" ? "ANY" : method.toUpperCase();
    const key = isDefault ? "$default" : `${verb} ${path}`;
    const integration = `HttpApiIntegration${normalized(event.name)}`;
    const uri = {
      ApiId: ref(api),
      IntegrationType: "AWS_PROXY",
      IntegrationUri: arnOf(event.name),
    };
    written.put(integration, "AWS::ApiGatewayV2::Integration", uri, event);
    const route = {
      ApiId: ref(api),
      RouteKey: key,
      Target: { "Fn::Join": ["/", ["integrations", ref(integration)]] },
    };
    const id = `HttpApiRoute${isDefault ? "Default" : pathId(key)}`;
    written.put(id, "AWS::ApiGatewayV2::Route", route, event);
  }
}
