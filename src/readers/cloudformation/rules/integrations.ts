import type {
  IntegrationDefinition,
  IntegrationResponseDefinition,
  ProjectRouteDefinition,
} from "../../../definition/parts.ts";
import { parseServiceUri } from "../../../definition/service-uri.ts";
import { mapValues } from "../../../values/map-values.ts";
import type { Json } from "./origins.ts";
import type { TemplatePlaces } from "./places.ts";
import { type Resource, textOf } from "./stack.ts";
import { isObject } from "./tree.ts";

/** The properties of an integration, and of its responses, by field. */
const PROPERTIES: Readonly<Record<string, string>> = {
  uri: "IntegrationUri",
  method: "IntegrationMethod",
  vpcLink: "ConnectionId",
  credentials: "CredentialsArn",
  requestParameters: "RequestParameters",
  requestTemplates: "RequestTemplates",
  templateSelectionExpression: "TemplateSelectionExpression",
  passthroughBehavior: "PassthroughBehavior",
  contentHandling: "ContentHandlingStrategy",
};

/** Notes the places of an integration's fields; its own place in the definition is `path`. */
export function noteIntegration(
  path: readonly string[],
  integration: Resource,
  responses: readonly Resource[],
  places: TemplatePlaces,
): void {
  places.note(path, integration.origin());
  for (const [field, property] of Object.entries(PROPERTIES)) {
    places.note([...path, field], integration.origin(property));
  }
  for (const response of responses) {
    const key = response.text("IntegrationResponseKey") ?? "";
    places.note([...path, "responses", key], response.origin("IntegrationResponseKey"));
  }
}

/**
 * An integration of a template other than a Lambda proxy; undefined for an unknown type. `called` is the
 * function in the URI. The definition's own checks validate its values.
 */
export function readIntegration(
  integration: Resource,
  responses: readonly Resource[],
  called: string | undefined,
): IntegrationDefinition | undefined {
  const uri = integration.text("IntegrationUri") ?? "";
  const method = integration.text("IntegrationMethod");
  const http = { uri, ...(method !== undefined && { method }) };
  const isPrivate = integration.text("ConnectionType") === "VPC_LINK";
  const overHttp = { ...http, ...(isPrivate && textFields(integration, ["vpcLink"])) };
  const parameters = textsOf("requestParameters", integration.property("RequestParameters"));
  const templated = {
    ...textsOf("requestTemplates", integration.property("RequestTemplates")),
    ...textFields(integration, [
      "templateSelectionExpression",
      "passthroughBehavior",
      "contentHandling",
    ]),
    ...(responses.length > 0 && { responses: responsesOf(responses) }),
  };
  switch (integration.text("IntegrationType")) {
    case "MOCK":
      return { type: "mock", ...templated } as IntegrationDefinition;
    case "HTTP":
      return { type: "http", ...overHttp, ...parameters, ...templated } as IntegrationDefinition;
    case "HTTP_PROXY":
      return { type: "http-proxy", ...overHttp, ...parameters } as IntegrationDefinition;
    case "AWS":
      return called === undefined
        ? ({
            type: "aws",
            ...http,
            ...textFields(integration, ["credentials"]),
            ...parameters,
            ...templated,
          } as IntegrationDefinition)
        : ({
            type: "lambda",
            function: called,
            ...parameters,
            ...templated,
          } as IntegrationDefinition);
    default:
      return undefined;
  }
}

/** Whether an integration of type AWS calls Lambda. */
export function callsLambda(uri: string): boolean {
  const { host, service, kind } = parseServiceUri(uri, "template") ?? {};
  return host === undefined && service === "lambda" && kind === "path";
}

function responsesOf(
  responses: readonly Resource[],
): Readonly<Record<string, IntegrationResponseDefinition>> {
  return Object.fromEntries(
    responses.map((response) => [
      response.text("IntegrationResponseKey") ?? "",
      {
        ...textsOf("templates", response.property("ResponseTemplates")),
        ...textFields(response, ["templateSelectionExpression", "contentHandling"]),
      } as IntegrationResponseDefinition,
    ]),
  );
}

function textFields(
  resource: Resource,
  names: readonly string[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const text = resource.text(PROPERTIES[name] ?? "");
      return text === undefined ? [] : [[name, text]];
    }),
  );
}

/** An object with string values; a template that is an object becomes its JSON, as in CloudFormation. */
function textsOf(
  name: string,
  value: Json | undefined,
): Readonly<Record<string, Readonly<Record<string, string>>>> {
  if (!isObject(value)) return {};
  return { [name]: mapValues(value, (each) => textOf(each) ?? JSON.stringify(each)) };
}

/** The required parameters of a route. */
export function routeParameters(
  value: Json | undefined,
): Pick<ProjectRouteDefinition, "requestParameters"> {
  if (!isObject(value)) return {};
  const requestParameters = mapValues(value, (each) => ({
    required: isObject(each) && textOf(each.Required) === "true",
  }));
  return { requestParameters };
}
