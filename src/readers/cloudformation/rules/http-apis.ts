import type { DefinitionSource, HttpRoute } from "../../loaded-definition.ts";
import type { Json } from "./origins.ts";
import type { Report } from "./report.ts";
import { type Resource, textOf } from "./stack.ts";
import { isObject } from "./tree.ts";
import { type FindFunction, field } from "./triggers.ts";
import { isWebSocketApi } from "./web-socket-apis.ts";

/** HTTP and REST APIs with the functions of their routes; warns about one that is defined elsewhere. */
export function readHttpApis(
  resources: readonly Resource[],
  findFunction: FindFunction,
  report: Report,
): DefinitionSource["httpApis"] {
  return resources.flatMap((api) => {
    const isHttp = api.type === "AWS::ApiGatewayV2::Api" && !isWebSocketApi(api);
    if (!isHttp && api.type !== "AWS::ApiGateway::RestApi") return [];
    if (api.property("BodyS3Location") !== undefined) {
      const problem = `wsgw does not read the OpenAPI definition of ${api.key} and does not know the functions of its routes.`;
      report({ severity: "warning", origin: api.origin("BodyS3Location"), problem });
    }
    const id = textOf(api.value());
    const own = resources.filter(({ text }) => text("ApiId") === id || text("RestApiId") === id);
    const texts = [
      ...own.map(({ text }) => text("IntegrationUri")),
      ...own.map(({ property }) => textOf(field(property("Integration"), "Uri"))),
      ...functionTextsIn(api.property("Body")),
    ];
    const functions = texts.flatMap((each) => (each && findFunction(each)) ?? []);
    if (functions.length === 0) return [];
    const routes = routesOf(api, own, findFunction);
    const named = { name: api.key, functions: [...new Set(functions)] };
    return [{ ...named, ...(routes.length > 0 && { routes }) }];
  });
}

/** The routes to functions of the template: of an HTTP API, a REST API or an OpenAPI definition. */
function routesOf(
  api: Resource,
  own: readonly Resource[],
  findFunction: FindFunction,
): readonly HttpRoute[] {
  const routes = own.flatMap((resource): readonly (readonly [string, string | undefined])[] => {
    const { property, text } = resource;
    switch (resource.type) {
      case "AWS::ApiGatewayV2::Route": {
        const target = text("Target")?.replace(/^integrations\//, "");
        const integration = own.find((each) => textOf(each.value()) === target);
        return [[text("RouteKey") ?? "", integration?.text("IntegrationUri")]];
      }
      case "AWS::ApiGateway::Method": {
        const route = `${text("HttpMethod")} ${pathOf(text("ResourceId"), own)}`;
        return [[route, textOf(field(property("Integration"), "Uri"))]];
      }
      default:
        return [];
    }
  });
  return [...routes, ...routesIn(api.property("Body"))].flatMap(([route, uri]) => {
    const called = uri === undefined ? undefined : findFunction(uri);
    return called === undefined ? [] : [{ route, function: called }];
  });
}

/** `/rooms/{id}` of a REST API resource; empty for the root. */
function pathOf(id: string | undefined, own: readonly Resource[], depth = 0): string {
  const resource = own.find(
    (each) => each.type === "AWS::ApiGateway::Resource" && textOf(each.value()) === id,
  );
  if (resource === undefined || depth > own.length) return "/";
  const above = pathOf(resource.text("ParentId"), own, depth + 1);
  return `${above === "/" ? "" : above}/${resource.text("PathPart")}`;
}

/** The routes of an OpenAPI definition, with the URIs of their integrations. */
function routesIn(body: Json | undefined): readonly (readonly [string, string | undefined])[] {
  return entriesOf(field(body, "paths")).flatMap(([path, methods]) =>
    entriesOf(methods).map(([method, operation]) => {
      const uri = textOf(field(field(operation, "x-amazon-apigateway-integration"), "uri"));
      const named = method === "x-amazon-apigateway-any-method" ? "ANY" : method.toUpperCase();
      return [path === "$default" ? path : `${named} ${path}`, uri] as const;
    }),
  );
}

function entriesOf(value: Json | undefined): readonly (readonly [string, Json])[] {
  return isObject(value) ? Object.entries(value) : [];
}

/** All strings in a value that may name a function. */
function functionTextsIn(value: Json | undefined): readonly string[] {
  if (typeof value === "string") return value.includes(":function:") ? [value] : [];
  if (Array.isArray(value)) return value.flatMap(functionTextsIn);
  return isObject(value) ? Object.values(value).flatMap(functionTextsIn) : [];
}
