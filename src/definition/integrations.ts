import { mapValues } from "../values/map-values.ts";
import type { CustomIntegration, Route } from "./checked-project.ts";
import type { IntegrationResponseDefinition, RoleStatement } from "./parts.ts";
import type { Value, Values } from "./references.ts";
import { serviceInWords } from "./service-uri.ts";

/** The function of a route; undefined if it has none. */
export function functionOf({ integration }: Pick<Route, "integration">): string | undefined {
  return "function" in integration ? integration.function : undefined;
}

/** The functions of a route on its stages, that of the first stage first. */
export function functionsOf(route: Pick<Route, "integration" | "calls">): readonly string[] {
  const names = Object.values(route.calls ?? {}).map(({ name }) => name);
  return [...new Set([...names, functionOf(route) ?? []].flat())];
}

/**
 * What a route calls other than a function, such as `sqs SendMessage`; undefined for a function or nothing.
 */
export function backendOf(
  { integration }: Pick<Route, "integration">,
  textOf: (value: Value) => string,
): string | undefined {
  switch (integration.type) {
    case "lambda-proxy":
    case "lambda":
    case "none":
      return undefined;
    case "mock":
      return "mock";
    case "http":
    case "http-proxy":
      return `${integration.method ?? "POST"} ${textOf(integration.uri)}`;
    case "aws":
      return serviceInWords(textOf(integration.uri));
    default:
      return integration satisfies never;
  }
}

/** Replacements for the values of an integration. */
type Replacement = {
  readonly value: (value: Value) => Value;
  readonly statements: (statements: readonly RoleStatement[]) => readonly RoleStatement[];
};

/** An integration with replaced values; their keys may be any, including `ref` and `join`. */
export function mapValuesOf(
  integration: Route["integration"],
  { value, statements }: Replacement,
): Route["integration"] {
  if (!isCustom(integration)) return integration;
  const { requestParameters, requestTemplates, responses } = { ...NO_TEMPLATES, ...integration };
  const parameters = requestParameters && {
    requestParameters: mapValues(requestParameters, value),
  };
  const templates = {
    ...(requestTemplates && { requestTemplates: mapValues(requestTemplates, value) }),
    ...(responses && {
      responses: mapValues(responses, ({ templates: own, ...response }) => ({
        ...response,
        ...(own && { templates: mapValues(own, value) }),
      })),
    }),
  };
  switch (integration.type) {
    case "mock":
      return { ...integration, ...templates };
    case "lambda":
      return { ...integration, ...parameters, ...templates };
    case "http-proxy":
      return { ...integration, ...parameters, uri: value(integration.uri) };
    case "http":
      return { ...integration, ...parameters, ...templates, uri: value(integration.uri) };
    case "aws": {
      const { roleStatements } = integration;
      return {
        ...integration,
        ...parameters,
        ...templates,
        uri: value(integration.uri),
        ...(roleStatements && { roleStatements: statements(roleStatements) }),
      };
    }
    default:
      return integration satisfies never;
  }
}

/** Empty fields for integration types without them. */
const NO_TEMPLATES: {
  readonly requestParameters?: Values;
  readonly requestTemplates?: Values;
  readonly responses?: Readonly<Record<string, IntegrationResponseDefinition>>;
} = {};

/** Whether the gateway itself creates the request of an integration and reads its answer. */
export function isCustom(integration: Route["integration"]): integration is CustomIntegration {
  return integration.type !== "lambda-proxy" && integration.type !== "none";
}

/** Used instead of an authorizer's name: the handshake must be signed with AWS keys. */
export const AWS_IAM = "AWS_IAM";
