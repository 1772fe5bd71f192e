import * as v from "valibot";
import { isObject } from "../values/json.ts";
import { shown } from "./faults.ts";
import { permissionsSchema, roleStatement } from "./role-schema.ts";
import { SERVICE_URIS } from "./service-uri.ts";
import { referable } from "./value-schema.ts";
import {
  fields,
  keyOf,
  list,
  meant,
  oneOf,
  optional,
  record,
  required,
  text,
  textThat,
} from "./vocabulary.ts";

// Integrations.

/** The name of a function; whether it exists is checked later. */
export const functionName = textThat("the name of a function", () => true);

export const denied = optional(
  textThat("a text", () => true),
  "Why the template does not let API Gateway invoke the function. Calls then fail with `Internal server error`.",
);

/**
 * API Gateway's limit is 300 KB:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */
const TEMPLATE_CHARACTERS = 300 * 1024;

const reasonByStage = record(
  "a reason for each stage",
  v.string(),
  textThat("a text", () => true),
);

/** Why some stages cannot call the function of an integration that others call. */
const byStage = {
  deniedAt: optional(
    reasonByStage,
    "The same as `denied`, by stage, where API Gateway may invoke the function for other stages.",
  ),
  missingAt: optional(
    reasonByStage,
    "Why a stage has no function to call, by stage, as a template says.",
  ),
};

const templates = record(
  "a template for each key",
  v.string(),
  referable(
    textThat("a template of at most 300 KB", (template) => template.length <= TEMPLATE_CHARACTERS),
  ),
);

const selection = textThat(
  "a selection expression of 1 to 128 characters",
  (source) => source !== "" && source.length <= 128,
);

const contentHandling = oneOf("a content handling", ["CONVERT_TO_BINARY", "CONVERT_TO_TEXT"]);

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-data-mapping.html */
const SOURCE =
  /^(?:route\.request\.(?:header|querystring|multivalueheader|multivaluequerystring)\.[\w.$-]+|route\.request\.body(?:[.[].+)?|context\.[\w.$-]+|stageVariables\.\w+|'[^']*')$/s;

const parameterSource = referable(
  text(
    "a source: route.request.header.NAME, route.request.querystring.NAME, route.request.body.PATH, context.NAME, stageVariables.NAME, or a string in single quotes",
    SOURCE,
  ),
);

/** @see https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-integrations-integrationid.html */
const requestParameters = optional(
  record(
    "a source for each parameter",
    keyOf(
      /^integration\.request\.(?:header|querystring|path)\.[\w.$-]+$/,
      "is not a request parameter. Write integration.request.header.NAME, integration.request.querystring.NAME or integration.request.path.NAME.",
    ),
    parameterSource,
  ),
  'Parameters of the request, such as `{ "integration.request.header.X-Id": "context.connectionId" }`. Sources are `route.request.body.PATH`, `context.NAME`, `stageVariables.NAME` and `\'text\'`; for `$connect` also `route.request.header.NAME`, `route.request.querystring.NAME` and their `multivalue…` forms.',
);

export const integrationResponseSchema = fields("an integration response", {
  templates: optional(
    templates,
    "Response templates by key, in VTL. Default: the response is passed through unchanged.",
  ),
  templateSelectionExpression: optional(
    selection,
    "Chooses the template, such as `${integration.response.statuscode}` or `\\$default`.",
  ),
  contentHandling: optional(
    contentHandling,
    "`CONVERT_TO_TEXT` writes bytes in base64, `CONVERT_TO_BINARY` reads base64. Default: unchanged.",
  ),
});

const responseKey = keyOf(
  /^(?:\$default|\/.+\/)$/s,
  (key) =>
    `"${key}" is not a key of an integration response. Write $default, or a pattern between slashes, such as /200/.`,
);

const responses = optional(
  v.pipe(
    record("an integration response for each key", responseKey, integrationResponseSchema),
    v.check(
      (all) => Object.keys(all).every((key) => key === "$default" || isPattern(key)),
      ({ input }) =>
        `${Object.keys(input).find((key) => key !== "$default" && !isPattern(key))} is not a regular expression. Correct it.`,
    ),
  ),
  "Integration responses by `$default`, or by a pattern that the whole status matches, such as `/200/` or `/4\\d\\d/`. For a failed function, the pattern matches its `errorMessage`.",
);

function isPattern(key: string): boolean {
  try {
    new RegExp(key.slice(1, -1));
    return true;
  } catch {
    return false;
  }
}

const templated = {
  requestTemplates: optional(
    templates,
    "Request templates by key, in VTL. Default: the message is passed through unchanged.",
  ),
  templateSelectionExpression: optional(
    selection,
    "Chooses the template, such as `$request.body.type` or `\\$default`. Without a match, it chooses `$default`.",
  ),
  passthroughBehavior: optional(
    oneOf("a behavior", ["WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"]),
    "When a message that matches no template passes through unchanged. Otherwise API Gateway rejects it with `Unsupported Media Type`.",
    "WHEN_NO_MATCH",
  ),
  contentHandling: optional(
    contentHandling,
    "`CONVERT_TO_BINARY` decodes the message from base64; `CONVERT_TO_TEXT` encodes it. Default: unchanged.",
  ),
  responses,
};

const url = referable(
  textThat(
    'a URL, such as "https://backend.example.com/in"',
    (written) => URL.canParse(written.replace(/\$?\{[^}]*\}/g, "x")) && /^https?:/.test(written),
  ),
);
const http = {
  uri: required(
    url,
    "URL of the backend. `{name}` is `integration.request.path.name`, and `${stageVariables.name}` a stage variable.",
  ),
  method: optional(
    oneOf("a method", ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]),
    "Method of the request.",
    "POST",
  ),
  vpcLink: optional(
    text("the ID of a VPC link of 1 to 1,024 characters", /^.{1,1024}$/s),
    "ID of the VPC link of a private integration, or `${stageVariables.NAME}`. `uri` has the host that the backend sees. On this machine, `vpcLinks` says where it leads.",
  ),
  requestParameters,
};

const type = <const T extends string>(name: T, about: string) =>
  required(oneOf("a type of integration", [name], TYPES), about);

const TYPES = ["lambda-proxy", "lambda", "http", "http-proxy", "aws", "mock"];

const types = {
  "lambda-proxy": fields("an integration", {
    type: type("lambda-proxy", "`lambda-proxy`: the function gets the whole event."),
    function: required(
      functionName,
      "A name in `functions`, also with an alias (`send:live`) or stage variables (`${stageVariables.fn}:live`).",
    ),
    denied,
    ...byStage,
  }),
  lambda: fields("an integration", {
    type: type("lambda", "`lambda`: the function gets the result of the request template."),
    function: required(
      functionName,
      "A name in `functions`, also with an alias (`send:live`) or stage variables (`${stageVariables.fn}:live`).",
    ),
    denied,
    ...byStage,
    requestParameters,
    ...templated,
  }),
  http: fields("an integration", {
    type: type("http", "`http`: any URL, with a body from the request template."),
    ...http,
    ...templated,
  }),
  "http-proxy": fields("an integration", {
    type: type("http-proxy", "`http-proxy`: any URL, with the message as its body."),
    ...http,
  }),
  aws: fields("an integration", {
    type: type(
      "aws",
      "`aws`: an action of an AWS service. DynamoDB means the project's own tables; for other services, see `endpoints`.",
    ),
    uri: required(
      referable(
        text(
          'the URI of a service, such as "arn:aws:apigateway:eu-west-1:dynamodb:action/PutItem"',
          SERVICE_URIS.definition,
        ),
      ),
      "`arn:aws:apigateway:REGION:SERVICE:action/ACTION` or `…:SERVICE:path/PATH`.",
    ),
    method: optional(
      oneOf("a method", ["DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"]),
      "Method of the request.",
      "POST",
    ),
    credentials: optional(
      text(
        "the ARN of a role (API Gateway says: Invalid role ARN)",
        /^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
      ),
      "ARN of an existing role with which API Gateway calls the service. Default: the stack creates one from `roleStatements`.",
    ),
    roleStatements: optional(
      list(roleStatement),
      "What the role that the stack creates for the integration allows.",
    ),
    permissions: optional(
      permissionsSchema,
      "What the role of `credentials` allows. On this machine only. Set by templates.",
    ),
    denied: optional(
      textThat("a text", () => true),
      "Why the template does not let API Gateway call the service. Calls then fail with `Internal server error`.",
    ),
    requestParameters,
    ...templated,
  }),
  mock: fields("an integration", {
    type: type("mock", "`mock`: API Gateway calls nothing; the templates create the response."),
    ...templated,
  }),
  none: fields("a route without integration", {
    type: required(
      v.literal("none", ({ input }) => `${shown(input)} is not a type of integration.`),
      "`none`: the route has no integration. Connections are accepted, and messages get `Internal server error`.",
    ),
    because: optional(
      textThat("a text", () => true),
      "Why the route has no integration. The log shows it when a message comes.",
    ),
  }),
};

const isType = (name: unknown): name is keyof typeof types =>
  typeof name === "string" && Object.hasOwn(types, name);

/** An integration of any type. */
export const integrationSchema = meant(
  v.union([
    types["lambda-proxy"],
    types.lambda,
    types.http,
    types["http-proxy"],
    types.aws,
    types.mock,
    types.none,
  ]),
  (value) => (isObject(value) && isType(value.type) ? types[value.type] : types["lambda-proxy"]),
);

/** Required and optional parameters of a handshake, for use in request parameters. */
export const routeParametersSchema = record(
  "true or false for each parameter",
  keyOf(
    /^route\.request\.(?:header|querystring)\.[\w.$-]+$/,
    "is not a handshake parameter. Write route.request.header.NAME or route.request.querystring.NAME.",
  ),
  fields("a parameter", {
    required: optional(
      v.boolean(({ input }) => `${shown(input)} is not true or false.`),
      "True rejects handshakes without it, with 400.",
      false,
    ),
  }),
);
