import { shown } from "../../../definition/faults.ts";
import { AWS_IAM } from "../../../definition/integrations.ts";
import type {
  AuthorizerDefinition,
  CustomDomainDefinition,
  ProjectRouteDefinition,
  ProjectStageDefinition,
  WebSocketApiDefinition,
} from "../../../definition/parts.ts";
import { parseServiceUri } from "../../../definition/service-uri.ts";
import { given } from "../../../values/given.ts";
import { mapValues } from "../../../values/map-values.ts";
import { accessLogOf, detailedMetricsOf, executionLogOf } from "./access-logs.ts";
import { authorizerOf, authorizerProblems } from "./authorizers.ts";
import { qualifierIn } from "./function-names.ts";
import {
  type Called,
  callsAt,
  filledIn,
  functionAt,
  functionsByStage,
  type StageCall,
} from "./functions-by-stage.ts";
import { callsLambda, noteIntegration, readIntegration, routeParameters } from "./integrations.ts";
import type { GatewayCall } from "./invoke-permission.ts";
import { modelsOf, requestModelsOf } from "./models.ts";
import type { Json, Origin, Origins } from "./origins.ts";
import type { TemplatePlaces } from "./places.ts";
import type { Report } from "./report.ts";
import { type Resource, textOf } from "./stack.ts";
import { isObject } from "./tree.ts";
import { stageThrottleOf, type Usage, whyKeyIsUnknown } from "./usage-plans.ts";

/** The context of a template's APIs. */
export type ApiSurroundings = {
  /** The functions that run here: keys in the definition by name on AWS. */
  readonly functions: ReadonlyMap<string, string>;
  /** Why other functions do not run, by name on AWS; ends a sentence that begins with `its function`. */
  readonly unserved: ReadonlyMap<string, string>;
  readonly places: TemplatePlaces;
  readonly origins: Origins;
  readonly report: Report;
  readonly usage: Usage;
  readonly notServed: (what: string, of: string, origin: Origin | undefined, why?: string) => void;
  /** Receives the calls that API Gateway would make. */
  readonly calls: (call: GatewayCall) => void;
};

export function isWebSocketApi(resource: Resource): boolean {
  return (
    resource.type === "AWS::ApiGatewayV2::Api" && resource.text("ProtocolType") === "WEBSOCKET"
  );
}

/** The WebSocket APIs of a template, by resource key. */
export function readApis(
  resources: readonly Resource[],
  surroundings: ApiSurroundings,
): Readonly<Record<string, WebSocketApiDefinition>> {
  const apis = resources.filter(isWebSocketApi).map((api) => {
    const id = textOf(api.value()) ?? "";
    const own = resources.filter(
      ({ type, text }) => type.startsWith("AWS::ApiGatewayV2::") && text("ApiId") === id,
    );
    return [api.key, new ApiReader(api, own, surroundings).read()] as const;
  });
  return Object.fromEntries(apis);
}

/** The properties of an API by the definition's field. */
const PROPERTIES: Readonly<Record<string, string>> = {
  apiKeySelectionExpression: "ApiKeySelectionExpression",
  description: "Description",
  name: "Name",
  routeSelectionExpression: "RouteSelectionExpression",
};

class ApiReader {
  readonly #api: Resource;
  /** The API's own resources. */
  readonly #own: readonly Resource[];
  readonly #surroundings: ApiSurroundings;
  readonly #path: readonly string[];
  /**
   * The authorizers of the template by id: keys in the definition, undefined for those that do not run here.
   */
  readonly #authorizerKeys = new Map<Json, string | undefined>();

  /** By stage, the first stage first. */
  #variables: Readonly<Record<string, Texts>> = {};

  constructor(api: Resource, own: readonly Resource[], surroundings: ApiSurroundings) {
    this.#api = api;
    this.#own = own;
    this.#surroundings = surroundings;
    this.#path = ["apis", api.key];
  }

  read(): WebSocketApiDefinition {
    const api = this.#api;
    const { places } = this.#surroundings;
    places.note(this.#path, api.origin());
    this.#rejectOpenApi();
    for (const [field, property] of Object.entries(PROPERTIES)) {
      places.note([...this.#path, field], api.origin(property));
    }
    const [name, description] = [api.text("Name"), api.text("Description")];
    const stages = this.#stages();
    this.#variables = mapValues(stages, ({ variables }) => variables);
    const variables = Object.values(stages)[0]?.variables ?? {};
    const authorizers = this.#authorizers(variables);
    const models = modelsOf(this.#ofType("Model"), this.#path, this.#surroundings);
    const customDomain = this.#customDomain(Object.keys(stages));
    return {
      ...given({ name, description }),
      // the definition's own checks validate it
      routeSelectionExpression: api.text("RouteSelectionExpression") ?? "",
      ...keySource(api),
      stages,
      ...(Object.keys(authorizers).length > 0 && { authorizers }),
      ...(Object.keys(models).length > 0 && { models }),
      ...(api.text("DisableSchemaValidation") === "true" && { disableSchemaValidation: true }),
      routes: this.#routes(),
      ...(customDomain !== undefined && { customDomain }),
      ...(api.text("DisableExecuteApiEndpoint") === "true" && { disableExecuteApiEndpoint: true }),
      ...(api.text("IpAddressType") === "dualstack" && { ipAddressType: "dualstack" }),
    };
  }

  /** API Gateway imports OpenAPI definitions only as HTTP APIs. */
  #rejectOpenApi(): void {
    for (const property of ["Body", "BodyS3Location"]) {
      if (this.#api.property(property) === undefined) continue;
      const problem = `${property} is supported only for HTTP APIs: API Gateway imports no OpenAPI definition as a WebSocket API. Write the routes as AWS::ApiGatewayV2::Route.`;
      const origin = this.#api.origin(property);
      this.#surroundings.report({ severity: "error", origin, problem });
    }
  }

  #ofType(type: string): readonly Resource[] {
    return this.#own.filter((resource) => resource.type === `AWS::ApiGatewayV2::${type}`);
  }

  /** The resources with a string key; an object or an array as key is an error. */
  #withKey(type: string, property: string, what: string): readonly Resource[] {
    return this.#ofType(type).filter((resource) => {
      const key = resource.property(property);
      if (key === undefined || textOf(key) !== undefined) return true;
      const problem = `${shown(key)} is not ${what}. Write a string.`;
      this.#surroundings.report({ severity: "error", origin: resource.origin(property), problem });
      return false;
    });
  }

  #stages(): Readonly<Record<string, StageWithTexts>> {
    const { places, report } = this.#surroundings;
    const stages = this.#withKey("Stage", "StageName", "the name of a stage").map((stage) => {
      const name = stage.text("StageName") ?? "";
      const path = [...this.#path, "stages", name];
      places.note(path, stage.origin("StageName"));
      places.note([...path, "variables"], stage.origin("StageVariables"));
      places.note([...path, "throttle"], stage.origin("DefaultRouteSettings"));
      places.note([...path, "throttle", "routes"], stage.origin("RouteSettings"));
      const description = stage.text("Description");
      places.note([...path, "accessLog"], stage.origin("AccessLogSettings"));
      places.note([...path, "executionLog"], stage.origin("DefaultRouteSettings"));
      places.note([...path, "executionLog", "routes"], stage.origin("RouteSettings"));
      const executionLog = executionLogOf(stage);
      const throttle = stageThrottleOf(stage);
      const accessLog = accessLogOf(stage, report);
      return [
        name,
        {
          ...given({ description, throttle, accessLog, executionLog }),
          ...(detailedMetricsOf(stage) && { detailedMetrics: true }),
          variables: textsOf(stage),
        },
      ] as const;
    });
    if (stages.length === 0) {
      const problem = `no stage of ${this.#api.key} is in the template. AWS serves nothing without one; wsgw serves it as the stage "dev". Add a stage.`;
      report({ severity: "warning", origin: this.#api.origin(), problem });
      return { dev: { variables: {} } };
    }
    return Object.fromEntries(stages);
  }

  /** The authorizers whose functions run here. */
  #authorizers(variables: Texts): Readonly<Record<string, AuthorizerDefinition>> {
    const { places, report, notServed } = this.#surroundings;
    const authorizers: Record<string, AuthorizerDefinition> = {};
    for (const authorizer of this.#ofType("Authorizer")) {
      for (const [property, problem] of authorizerProblems(authorizer)) {
        report({ severity: "error", origin: authorizer.origin(property), problem });
      }
      const uri = authorizer.text("AuthorizerUri") ?? "";
      const called = functionAt(uri, variables, this.#surroundings);
      const definition = authorizerOf(authorizer, called);
      if (typeof definition === "string") {
        const of = `authorizer ${authorizer.key} of ${this.#api.key}`;
        notServed(`function ${called.name}`, of, authorizer.origin("AuthorizerUri"), definition);
        this.#authorizerKeys.set(authorizer.value() ?? null, undefined);
        continue;
      }
      const path = [...this.#path, "authorizers", authorizer.key];
      places.note(path, authorizer.origin());
      places.note([...path, "identitySource"], authorizer.origin("IdentitySource"));
      authorizers[authorizer.key] = definition;
      this.#warnOfOtherFunctions(authorizer, uri, called);
      this.#noteCall("authorizers", authorizer.key, called.name, authorizer);
      this.#authorizerKeys.set(authorizer.value() ?? null, authorizer.key);
    }
    return authorizers;
  }

  /** Locally an authorizer has one function; on AWS stage variables can name another for each stage. */
  #warnOfOtherFunctions({ key, origin }: Resource, uri: string, called: Called): void {
    const { report } = this.#surroundings;
    for (const { stage, name } of this.#callsAt(uri)) {
      if (name === called.name) continue;
      const problem = `authorizer ${key} of ${this.#api.key}: on AWS the stage ${stage} calls the function ${name}. Here every stage calls ${called.name}.`;
      report({ severity: "warning", origin: origin("AuthorizerUri"), problem });
    }
  }

  #callsAt(uri: string): readonly StageCall[] {
    return callsAt(uri, this.#variables, this.#surroundings);
  }

  /** What answers a route whose integration calls a function, which stage variables may name. */
  #functionAnswer(
    key: string,
    integration: Resource,
    responses: readonly Resource[],
    of: string,
  ): ProjectRouteDefinition {
    const origin = integration.origin("IntegrationUri");
    const uri = integration.text("IntegrationUri") ?? "";
    const answer = functionsByStage(uri, this.#callsAt(uri));
    const { runs, missing, missingAt } = answer;
    const { notServed } = this.#surroundings;
    if (answer.function === undefined) {
      const [{ name = uri, why = "" } = {}] = missing;
      for (const each of new Map(missing.map((call) => [call.name, call])).values()) {
        notServed(`function ${each.name}`, of, origin, each.why);
      }
      return without(`the function ${name} ${why}`);
    }
    for (const { stage, name, why } of missing) {
      notServed(`function ${name}`, `${of} on the stage ${stage}`, origin, why);
    }
    for (const call of runs) {
      this.#noteCall("routes", key, call.name, integration, call.stage);
    }
    const more = missing.length > 0 && { missingAt };
    const custom = readIntegration(integration, responses, answer.function);
    if (custom !== undefined) return { integration: { ...custom, ...more } as typeof custom };
    return more
      ? { integration: { type: "lambda-proxy", function: answer.function, ...more } }
      : { function: answer.function };
  }

  #routes(): Readonly<Record<string, ProjectRouteDefinition>> {
    const { places, report } = this.#surroundings;
    const routes: Record<string, ProjectRouteDefinition> = {};
    for (const route of this.#withKey("Route", "RouteKey", "a route key")) {
      const key = route.text("RouteKey") ?? "";
      if (Object.hasOwn(routes, key)) {
        const problem = `the route ${key} is in the template twice. API Gateway accepts each route key once. Remove one.`;
        report({ severity: "error", origin: route.origin("RouteKey"), problem });
        continue;
      }
      places.note([...this.#path, "routes", key], route.origin("RouteKey"));
      routes[key] = this.#route(route, key);
    }
    return routes;
  }

  #route(route: Resource, key: string): ProjectRouteDefinition {
    const integration = this.#integrationOf(route);
    const operationName = route.text("OperationName");
    const timeout = integration?.property("TimeoutInMillis");
    const authorizer = this.#authorizerOf(route, key);
    this.#noteUnserved(route, key);
    const apiKeyRequired = this.#requiresKey(route, key, authorizer);
    return {
      ...this.#answer(route, key, integration),
      ...(authorizer !== undefined && { authorizer }),
      ...(apiKeyRequired && { apiKeyRequired }),
      ...(operationName !== undefined && { operationName }),
      ...(this.#isTwoWay(route, key) && { routeResponse: true }),
      ...(timeout !== undefined && { integrationTimeout: Number(timeout) }),
      ...requestModelsOf(route, [...this.#path, "routes", key], this.#surroundings.places),
      ...routeParameters(route.property("RequestParameters")),
    };
  }

  /** AWS_IAM applies only to `$connect`. */
  #noteUnserved(route: Resource, key: string): void {
    const { notServed } = this.#surroundings;
    const of = `route ${key} of ${this.#api.key}`;
    const type = route.text("AuthorizationType") ?? "NONE";
    if (type === AWS_IAM && key !== "$connect") {
      notServed("IAM authorization", of, route.origin("AuthorizationType"));
    } else if (![AWS_IAM, "NONE", "CUSTOM"].includes(type)) {
      notServed(`AuthorizationType ${type}`, of, route.origin("AuthorizationType"));
    }
  }

  #requiresKey(route: Resource, key: string, authorizer: string | undefined): boolean {
    if (route.text("ApiKeyRequired") !== "true") return false;
    const { places, notServed, usage } = this.#surroundings;
    const of = `route ${key} of ${this.#api.key}`;
    const origin = route.origin("ApiKeyRequired");
    places.note([...this.#path, "routes", key, "apiKeyRequired"], origin);
    const isFromAuthorizer =
      this.#api.text("ApiKeySelectionExpression") === "$context.authorizer.usageIdentifierKey";
    const lacksAuthorizer = isFromAuthorizer && authorizer === undefined;
    const why = whyKeyIsUnknown(usage, this.#api.key, lacksAuthorizer);
    if (key !== "$connect") notServed("API key", of, origin);
    else if (why === undefined) return true;
    else notServed("API key", of, origin, why);
    return false;
  }

  #authorizerOf(route: Resource, key: string): string | undefined {
    const type = route.text("AuthorizationType");
    const { places, notServed } = this.#surroundings;
    const path = [...this.#path, "routes", key, "authorizer"];
    places.note(path, route.origin("AuthorizationType"));
    if (type === AWS_IAM && key === "$connect") return AWS_IAM;
    if (type !== "CUSTOM") return undefined;
    const id = route.property("AuthorizerId") ?? null;
    if (!this.#authorizerKeys.has(id)) {
      const of = `route ${key} of ${this.#api.key}`;
      const why = "is not in the template, so all clients can connect";
      notServed("authorizer", of, route.origin("AuthorizerId"), why);
    }
    return this.#authorizerKeys.get(id);
  }

  #answer(route: Resource, key: string, integration: Resource | undefined): ProjectRouteDefinition {
    const { places, notServed } = this.#surroundings;
    const of = `route ${key} of ${this.#api.key}`;
    if (integration === undefined) {
      if (route.property("Target") === undefined) return { integration: { type: "none" } };
      notServed("target that is not in the template", of, route.origin("Target"));
      return without(`the target of ${key} is not in the template`);
    }
    const path = [...this.#path, "routes", key];
    const responses = this.#ofType("IntegrationResponse").filter(
      (response) => response.text("IntegrationId") === integration.value(),
    );
    noteIntegration([...path, "integration"], integration, responses, places);
    places.note([...path, "integrationTimeout"], integration.origin("TimeoutInMillis"));
    places.note([...path, "requestParameters"], route.origin("RequestParameters"));
    const uri = integration.text("IntegrationUri") ?? "";
    const type = integration.text("IntegrationType") ?? "";
    if (type !== "AWS_PROXY" && !(type === "AWS" && callsLambda(uri))) {
      return this.#otherAnswer(integration, responses, of);
    }
    return this.#functionAnswer(key, integration, responses, of);
  }

  /** A private integration names the VPC link through which it goes. */
  #checkVpcLink(integration: Resource): void {
    if (integration.text("ConnectionType") !== "VPC_LINK") return;
    if (integration.property("ConnectionId") !== undefined) return;
    const problem =
      "VPC_LINK needs ConnectionId, the ID of a VPC link; add it, such as !Ref of an AWS::ApiGateway::VpcLink.";
    const origin = integration.origin("ConnectionType");
    this.#surroundings.report({ severity: "error", origin, problem });
  }

  /** The answer of an integration without a function. */
  #otherAnswer(
    integration: Resource,
    responses: readonly Resource[],
    of: string,
  ): ProjectRouteDefinition {
    const { notServed } = this.#surroundings;
    const read = readIntegration(integration, responses, undefined);
    if (read === undefined) {
      const what = `integration ${integration.text("IntegrationType") ?? "without a type"}`;
      notServed(what, of, integration.origin("IntegrationType"));
      return without(`wsgw does not know the ${what}`);
    }
    this.#checkVpcLink(integration);
    if (read.type !== "aws" || integration.text("CredentialsArn")) return { integration: read };
    const uri = integration.text("IntegrationUri") ?? "";
    const service = parseServiceUri(uri, "template")?.service ?? "the service";
    const why = "may not be called without a role. Add CredentialsArn to the integration";
    notServed(`call of ${service}`, of, integration.origin(), why);
    const { credentials: _, ...denied } = read;
    return { integration: { ...denied, denied: `${service} ${why}` } };
  }

  /** A route is called for each stage, an authorizer for all of them. */
  #noteCall(
    of: GatewayCall["of"],
    name: string,
    functionName: string,
    caller: Resource,
    stage?: string,
  ): void {
    const api = this.#api;
    const id = textOf(api.value()) ?? "";
    const source =
      of === "routes" ? `${id}/${stage}/${name}` : `${id}/authorizers/${textOf(caller.value())}`;
    const written = caller.text(of === "routes" ? "IntegrationUri" : "AuthorizerUri") ?? "";
    const [first = {}] = Object.values(this.#variables);
    const uri = filledIn(written, this.#variables[stage ?? ""] ?? first);
    const qualifier = qualifierIn(uri);
    const { calls } = this.#surroundings;
    calls({ api, of, name, functionName, qualifier, caller, uri, stage, source });
  }

  /** A target is `integrations/` and the integration's id. */
  #integrationOf(route: Resource): Resource | undefined {
    const id = /^integrations\/(.+)$/.exec(route.text("Target") ?? "")?.[1];
    if (id === undefined) return undefined;
    return this.#ofType("Integration").find((integration) => integration.value() === id);
  }

  /** Whether an expression alone makes AWS send responses is unknown; a route response does. */
  #isTwoWay(route: Resource, key: string): boolean {
    const responds = this.#ofType("RouteResponse").some(
      (response) => response.text("RouteId") === route.value(),
    );
    const expression = "RouteResponseSelectionExpression";
    const isAsked = route.text(expression) !== undefined;
    if (isAsked && !responds && key !== "$connect" && key !== "$disconnect") {
      const problem = `the template has no AWS::ApiGatewayV2::RouteResponse for the route ${key}, so AWS may not send a reply; wsgw does. Add one with RouteResponseKey: $default.`;
      this.#surroundings.report({ severity: "warning", origin: route.origin(expression), problem });
    }
    return responds || isAsked;
  }

  /** One domain name with its mappings to the API. */
  #customDomain(stages: readonly string[]): CustomDomainDefinition | undefined {
    const mappings = this.#ofType("ApiMapping").filter(
      (mapping) => mapping.text("DomainName") !== undefined,
    );
    const [first] = mappings;
    const name = first?.text("DomainName");
    if (first === undefined || name === undefined) return undefined;
    const { places, notServed } = this.#surroundings;
    places.note([...this.#path, "customDomain"], first.origin());
    for (const other of mappings.filter((each) => each.text("DomainName") !== name)) {
      const domain = `domain ${other.text("DomainName")}`;
      notServed(domain, `API ${this.#api.key}`, other.origin("DomainName"), `is not ${name}`);
    }
    const own = mappings.filter((each) => each.text("DomainName") === name);
    const keyOf = (mapping: Resource): string => mapping.text("ApiMappingKey") ?? "";
    const [stage] = stages;
    if (own.length === 1 && [stage, undefined].includes(first.text("Stage"))) {
      return { name, ...(keyOf(first) !== "" && { mappingKey: keyOf(first) }) };
    }
    places.note([...this.#path, "customDomain", "mappings"], first.origin());
    for (const mapping of own) {
      const at = [...this.#path, "customDomain", "mappings", keyOf(mapping)];
      places.note(at, mapping.origin("Stage"));
    }
    const entries = own.map((mapping) => [keyOf(mapping), mapping.text("Stage") ?? ""]);
    return { name, mappings: Object.fromEntries(entries) };
  }
}

/** The definition's own checks validate it. */
function keySource(api: Resource): Pick<WebSocketApiDefinition, "apiKeySelectionExpression"> {
  const expression = api.text("ApiKeySelectionExpression");
  return expression === undefined
    ? {}
    : { apiKeySelectionExpression: expression as "$request.header.x-api-key" };
}

type Texts = Readonly<Record<string, string>>;

/** A function that a URI leads to, with its key if it runs here; else `why` ends a sentence that begins with it. */
type StageWithTexts = Omit<ProjectStageDefinition, "variables"> & { readonly variables: Texts };

function without(because: string): ProjectRouteDefinition {
  return { integration: { type: "none", because } };
}

function textsOf(stage: Resource): Texts {
  const variables = stage.property("StageVariables");
  if (!isObject(variables)) return {};
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => {
      const text = textOf(value);
      return text === undefined ? [] : [[name, text]];
    }),
  );
}
