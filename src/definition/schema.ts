import type { Plugin } from "esbuild";
import * as v from "valibot";
import { isObject } from "../values/json.ts";
import { accessLogSchema } from "./access-log.ts";
import type { AfterBundle, BeforeBundle, ChangeTemplate } from "./checked-project.ts";
import { ESBUILD_LOADERS } from "./esbuild-loaders.ts";
import { didYouMean, shown } from "./faults.ts";
import { handlerKindOf, nodeHandlerProblem, programHandlerProblem, pythonHandlerProblem } from "./handler-checks.ts";
import { denied, functionName, integrationResponseSchema, integrationSchema, routeParametersSchema } from "./integration-schema.ts";
import { DEFINITION_LIMITS } from "./limits.ts";
import { modelFields, requestModelFields } from "./models.ts";
import { REGION } from "./region.ts";
import { variableProblem } from "./reserved-variables.ts";
import { permissionsSchema, roleStatement } from "./role-schema.ts";
import { DEFAULT_RUNTIME, OPEN_RUNTIMES, RUNTIMES } from "./runtimes.ts";
import { termOfAws } from "./terms-of-aws.ts";
import { referable, valueSchema } from "./value-schema.ts";
import {
  code,
  fields,
  keyOf,
  list,
  meant,
  numberFromZero,
  oneOf,
  optional,
  record,
  required,
  text,
  textOf,
  textThat,
  textWithout,
  trueOrFalse,
  wholeNumber,
} from "./vocabulary.ts";

// The only description of what users write. scripts/definition-pages.mjs generates the types in written.ts,
// the JSON Schema and the tables of docs/definition.md from it.

const nameKey = (what: string) => keyOf(/^[A-Za-z][\w-]{0,63}$/, `cannot name ${what}. Use letters, digits, - and _, a letter first, at most 64.`);

/** Read by scripts/definition-pages.mjs. @public */
export { integrationResponseSchema, integrationSchema, permissionsSchema, roleStatement, valueSchema };

/** A path below the definition's directory. */
const isBelow = (path: string) => path !== "" && !/^(\/|[A-Za-z]:)|\\/.test(path) && !path.split("/").includes("..");

const environmentName = textWithout(variableProblem);

const environment = record(
  "a string for each variable",
  environmentName,
  referable(
    v.pipe(
      textThat(
        "a string, which is all that environment variables can contain",
        () => true,
        (value) => (isObject(value) ? ". Use JSON.stringify." : `. Write ${JSON.stringify(String(value))}.`),
      ),
      v.check(
        (value) => !value.includes("\0"),
        ({ input }) => `${shown(input)} contains a NUL character, which a variable cannot. Remove it.`,
      ),
    ),
  ),
);

/** A directory relative to the definition's, possibly outside it. */
const isDirectoryFromHere = (directory: unknown): directory is string => typeof directory === "string" && directory !== "" && !/^(\/|[A-Za-z]:)|\\/.test(directory);

const layer = textWithout((directory) => {
  if (!isDirectoryFromHere(directory)) {
    return `${shown(directory)} is not a layer. Write a directory relative to the definition's, with /, such as "layers/common".`;
  }
  if (!directory.startsWith("arn:")) return undefined;
  return `${shown(directory)} is the ARN of a layer. Unpack its content (aws lambda get-layer-version) and write the path of that directory.`;
});

const layers = v.pipe(
  list(layer),
  v.check(
    (directories) => directories.length <= DEFINITION_LIMITS.layers,
    ({ input }) => `${input.length} layers exceed Lambda's limit of ${DEFINITION_LIMITS.layers}. Merge some of them.`,
  ),
);

const commandProblem = ({ input }: { readonly input: unknown }) => `${shown(input)} is not a program with its arguments, such as ["java", "-jar", "chat.jar"].`;
const command = v.pipe(
  v.array(v.string(commandProblem), commandProblem),
  v.check((words) => words.length > 0 && words[0] !== "", commandProblem),
);

const filePattern = textThat('a pattern of files below that directory, such as "data/*.json"', isBelow);

const { memoryMb, timeoutSeconds, integrationTimeoutMs } = DEFINITION_LIMITS;

const NAME_PATH = /^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*$/;

function isExpression(source: string): boolean {
  if (NAME_PATH.test(source)) return true;
  try {
    JSON.parse(source);
    return true;
  } catch {
    return false;
  }
}

const extensionLoaders = record(
  "a loader for each extension",
  keyOf(/^\.[\w.-]+$/, (key) => `"${key}" is not an extension. Write it with its dot, such as ".svg".`),
  oneOf("a loader", ESBUILD_LOADERS),
);

const definedNames = record(
  "an expression for each name",
  keyOf(NAME_PATH, 'is not a name in code, such as VERSION or "process.env.VERSION".'),
  textThat("an expression: JSON in a string, or a name", isExpression, (value) =>
    typeof value === "string" ? `. For that string, write ${JSON.stringify(JSON.stringify(value))}.` : `. Write ${JSON.stringify(shown(value))}.`,
  ),
);

const anyText = textThat("a text", () => true);

/** How esbuild builds the code of one function: https://esbuild.github.io/api/ */
export const buildSchema = fields("how a function is built", {
  entry: optional(anyText, "Source file, relative to the code root, if `handler` cannot name it. A handler names its file up to the first dot. Default: the file of `handler`."),
  loader: optional(extensionLoaders, "As `loader` of the project's `esbuild`, which it overrides."),
  define: optional(definedNames, "As `define` of the project's `esbuild`, which it overrides."),
  alias: optional(record("a package or a path for each package", v.string(), anyText), "Replacements for imported packages; paths are relative to the code root."),
  banner: optional(anyText, "Code at the start of the bundle; not in in-process tests."),
  footer: optional(anyText, "Code at the end of the bundle; not in in-process tests."),
  inject: optional(list(anyText), "Files whose exports replace global names; paths are relative to the code root."),
  packages: optional(oneOf("a packages setting", ["external"]), "`external`: deployments bundle no packages. Lambda or a layer must provide them."),
  external: optional(list(anyText), "Imports that are not bundled; `*` matches any characters. Lambda or a layer must provide them."),
  mainFields: optional(list(anyText), "Fields of `package.json` that name a package's entry file, in this order."),
  conditions: optional(list(anyText), "Conditions for `exports` of packages."),
  format: optional(oneOf("a format", ["commonjs", "module"]), "Module format of the bundle. Default: as Node loads the handler's file."),
});

const functionFields = (handlerProblem: (handler: unknown) => string | undefined) =>
  fields("a function", {
    handler: required(
      textWithout(handlerProblem),
      "`path.export` as on Lambda, relative to the definition's directory: `src/handlers/connect.handler`. A handler in a layer begins with `/opt/`. Python and executables use Lambda's format. 128 characters at most, without `..`.",
    ),
    description: optional(textOf(0, 256), "256 characters at most."),
    runtime: optional(
      oneOf("a runtime that wsgw knows", RUNTIMES, OPEN_RUNTIMES),
      "Locally, handlers run on the Node that runs wsgw, or on this machine's Python.",
      DEFAULT_RUNTIME,
    ),
    root: optional(
      textThat('a directory, as a relative path with /, such as "services/chat"', isDirectoryFromHere),
      "Code root, relative to the definition's directory. `handler`, `code` and `include` are relative to it, and the code runs in it; `/var/task` on AWS. Default: that directory.",
    ),
    code: optional(textThat('a directory below that of the definition, such as "functions/chat"', isBelow), "Directory with the code. Default: the code root. Not for Node."),
    command: optional(command, "A program that uses the Lambda Runtime API, and its arguments. It runs in the code directory."),
    include: optional(
      list(filePattern),
      "Files that the code reads at run time, as patterns relative to the definition's directory: `data/*.json`. They are deployed under the same paths. Only for Node.",
      [],
    ),
    exclude: optional(list(filePattern), "Files of the code directory that are not deployed, as patterns relative to it. Not for Node.", []),
    nodeModules: optional(
      list(text('the name of a package, such as "sharp"', /^(@[\w.~-]+\/)?[\w~-][\w.~-]*$/)),
      "Packages that are deployed as installed, not bundled. Only for Node.",
      [],
    ),
    build: optional(buildSchema, "esbuild settings for this function, in addition to the project's `esbuild`. Only for Node. SAM's `BuildProperties` become `build`."),
    memory: optional(wholeNumber(memoryMb.least, memoryMb.most, "MB"), "MB, 128 to 10,240.", 128),
    timeout: optional(wholeNumber(timeoutSeconds.least, timeoutSeconds.most, "seconds"), "Seconds, 1 to 900.", 3),
    environment: optional(environment, "Environment variables: strings or references. 4096 bytes as JSON at most, including the names of tables.", {}),
    aliases: optional(
      list(text("the name of an alias: letters, digits, - and _, and not digits alone", /^(?!\d+$)[\w-]{1,128}$/)),
      "Aliases by which routes may name it, as `send:live`. On AWS each points to `$LATEST`. Default: none.",
    ),
    layers: optional(
      layers,
      "Directories that Lambda extracts to `/opt`, in this order, relative to the definition's directory. They contain `nodejs/node_modules`, `python`, `bin`, `lib` or other files. Five at most.",
      [],
    ),
    roleStatements: optional(list(roleStatement), "Statements added to the function's role.", []),
    functionName: optional(
      text("the name of a function of letters, digits, - and _, 64 characters at most", /^[\w-]{1,64}$/),
      "Name on AWS, used to invoke it; letters, digits, `-` and `_`, 64 at most. Default: its name in `functions` locally; on AWS, CloudFormation generates one from the stack's name.",
    ),
    role: optional(
      // https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html
      text('the name of a role, or its ARN, such as "arn:aws:iam::123456789012:role/chat"', /^([\w+=,.@-]{1,64}|arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512})$/),
      "Name or ARN of an existing role; not with `roleStatements`. Default: the stack creates one with the least permissions.",
    ),
    permissions: optional(permissionsSchema, "What its role allows, if this definition does not create the role. On this machine only. Set by templates."),
  });

const nodeFunction = functionFields(nodeHandlerProblem);
const functionBranches = {
  node: nodeFunction,
  python: functionFields(pythonHandlerProblem),
  program: functionFields(programHandlerProblem),
};

/** A function; the format of its handler depends on what runs it. */
export const functionSchema = meant(nodeFunction, (fn) => functionBranches[handlerKindOf(fn)]);

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
const attribute = textOf(1, 255);

export const keySchema = fields("a key", {
  name: required(attribute, "Name of the attribute, 1 to 255 characters."),
  type: required(oneOf("a key type", ["S", "N", "B"]), '`"S"` (string), `"N"` (number) or `"B"` (binary).'),
});

const onDemand = v.literal("on-demand", ({ input }) => `${shown(input)} is not a capacity. Write "on-demand" or { read: 5, write: 5 }.`);
const units = fields("a capacity", {
  read: required(wholeNumber(1, Number.POSITIVE_INFINITY, "units"), "Units per second."),
  write: required(wholeNumber(1, Number.POSITIVE_INFINITY, "units"), "Units per second."),
});
export const capacitySchema = meant(v.union([onDemand, units]), (value) => (isObject(value) ? units : onDemand));

const seedFile = text("a JSON file in or below the definition's directory", /^(?!\/)(?!(?:.*\/)?\.\.(?:\/|$)).+\.(?:json|jsonl|ndjson)$/);
const seedFiles = list(seedFile);

export const deletionPolicySchema = oneOf("a deletion policy", ["Delete", "Retain"]);

const wholeOrKeys = oneOf("a projection", ["ALL", "KEYS_ONLY"]);
const projectedAttributes = list(attribute);

export const indexSchema = fields("an index", {
  partitionKey: required(keySchema, "Partition key of the index."),
  sortKey: optional(keySchema, "Sort key of the index."),
  scope: optional(oneOf("a scope", ["global", "local"]), "`local`: with the partition key of the table.", "global"),
  projection: optional(
    meant(v.union([wholeOrKeys, projectedAttributes]), (value) => (Array.isArray(value) ? projectedAttributes : wholeOrKeys)),
    "Which attributes the index contains: all, the keys only, or the keys and those in an array.",
    "ALL",
  ),
});

const usedBy = optional(list(functionName), "Functions that may use the table. Default: all functions.");

export const tableSchema = fields("a table", {
  name: optional(
    text("a table name of 3 to 255 letters, digits and _.-", /^[\w.-]{3,255}$/),
    "Name of the table here, 3 to 255 letters, digits and `_.-`. Default: the project's name, `-`, and the table's name here. On AWS, CloudFormation generates one from the stack's name.",
  ),
  partitionKey: required(keySchema, "Partition key."),
  sortKey: optional(keySchema, "Sort key; another attribute than the partition key."),
  indexes: optional(
    record("an index for each name", keyOf(/^[\w.-]{3,255}$/, "cannot name an index. Use 3 to 255 letters, digits and _.-"), indexSchema),
    "Secondary indexes by name.",
    {},
  ),
  capacity: optional(capacitySchema, "Billed by request, or units per second: `{ read: 5, write: 5 }`.", "on-demand"),
  timeToLive: optional(attribute, "Attribute that holds the epoch second at which DynamoDB may delete the item."),
  environmentVariable: optional(environmentName, "Environment variable for the table's name."),
  functions: usedBy,
  seed: optional(
    meant(v.union([seedFile, seedFiles]), (value) => (Array.isArray(value) ? seedFiles : seedFile)),
    "JSON file or files with the initial items of the table, in or below the definition's directory. On this machine only.",
  ),
  deletionPolicy: optional(deletionPolicySchema, "What happens to the table and its items when the stack no longer contains it: `Delete` or `Retain`.", "Retain"),
});

export const connectionTableSchema = fields("the connection table", {
  environmentVariable: required(environmentName, "Environment variable for the table's name."),
  attribute: required(attribute, "Name of the key attribute, 1 to 255 characters. It holds the connection id, a string."),
  capacity: optional(capacitySchema, "Billed by request, or units per second: `{ read: 5, write: 5 }`.", { read: 5, write: 5 }),
  functions: usedBy,
  deletionPolicy: optional(deletionPolicySchema, "`Delete` or `Retain`; the connections end in any case.", "Delete"),
});

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const RETENTION_DAYS = [...[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557], ...[2922, 3288, 3653]];

function retentionProblem({ input }: { readonly input: unknown }): string {
  return `${shown(input)} is not a number of days that CloudWatch Logs accepts. Choose one of ${RETENTION_DAYS.join(", ")}.`;
}

/** API Gateway rejects a format without one of these variables. */
const REQUEST_ID = /\$context\.(extendedR|r)equestId\b/;

const accessLogFormat = v.pipe(
  v.string(accessLogProblem),
  v.check((format) => REQUEST_ID.test(format) && !format.includes("\n"), accessLogProblem),
);

function accessLogProblem({ input }: { readonly input: unknown }): string {
  return `${shown(input)} is not a format of an access log. Write true, or one line with $context.requestId in it.`;
}

export const loggingSchema = fields("logging", {
  level: optional(oneOf("a level", ["ERROR", "INFO"]), "Execution logs: errors only, or all."),
  dataTrace: optional(trueOrFalse, "Messages and headers in full in the execution logs.", false),
  accessLog: optional(
    meant(v.union([trueOrFalse, accessLogFormat]), (value) => (typeof value === "boolean" ? trueOrFalse : accessLogFormat)),
    "Access log: true for JSON lines with the usual fields, or a format of `$context` variables.",
  ),
});

const tags = v.pipe(
  record(
    "a string for each tag",
    keyOf(/^(?![aA][wW][sS]:)[\p{L}\p{Z}\p{N}_.:/=+@-]{1,128}$/u, (key) =>
      /^aws:/i.test(key) ? `"${key}" cannot name a tag. "aws:" is AWS's own.` : `"${key}" cannot name a tag. Use 1 to 128 letters, digits, blanks and _.:/=+-@`,
    ),
    referable(text("a string of 256 characters at most out of letters, digits, blanks and _.:/=+-@", /^[\p{L}\p{Z}\p{N}_.:/=+@-]{0,256}$/u)),
  ),
  v.check(
    (all) => Object.keys(all).length <= DEFINITION_LIMITS.stackTags,
    ({ input }) => `${Object.keys(input).length} tags exceed the limit of ${DEFINITION_LIMITS.stackTags} for a stack. Remove some.`,
  ),
);

export const deploySchema = fields("deploy", {
  autoDeploy: optional(trueOrFalse, "API Gateway publishes every change of the API itself, without a deployment.", false),
  logRetention: optional(
    v.pipe(v.number(retentionProblem), v.values(RETENTION_DAYS, retentionProblem)),
    "Days that CloudWatch keeps logs; one of the values that CloudWatch accepts.",
    30,
  ),
  logging: optional(loggingSchema, "Logs of API Gateway itself. Needs the account's CloudWatch role for API Gateway. Default: nothing."),
  tags: optional(tags, "Tags of the stack: strings or references. CloudFormation copies them to its resources. 50 at most.", {}),
});

/** Domain names that can resolve to this machine: https://www.rfc-editor.org/rfc/rfc1035#section-2.3.1 */
const HOST_NAME = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/;

/**
 * Keys with several levels are for other kinds of APIs.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-mappings.html
 */
export const customDomainSchema = fields("a custom domain", {
  name: required(
    textThat('a domain name in lower case, such as "chat.example.com", outside of amazonaws.com', (name) => HOST_NAME.test(name) && !/(^|\.)amazonaws\.com$/.test(name)),
    "Such as `chat.example.com`.",
  ),
  mappingKey: optional(
    text("a mapping key of letters, digits and $-_.+!*'(), 300 characters at most", /^[\w$.+!*'()-]{1,300}$/),
    "Path of the API, of letters, digits and `$-_.+!*'()`, 300 characters at most. Default: none, for the bare domain.",
  ),
  mappings: optional(
    record(
      "the name of a stage for each mapping key",
      keyOf(/^[\w$.+!*'()-]{0,300}$/, "is not a mapping key. Use letters, digits and $-_.+!*'(), 300 characters at most."),
      textThat("the name of a stage", () => true),
    ),
    'Stages by mapping key, instead of `mappingKey`, which serves the first stage only: `{ "": "live", next: "test" }`. The empty key is the bare domain.',
  ),
  certificateArn: optional(
    text('the ARN of a certificate, such as "arn:aws:acm:eu-west-1:123456789012:certificate/…"', /^arn:aws[\w-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/),
    "Certificate in the API's region. With it, the stack creates the domain. Otherwise the domain must exist in the account.",
  ),
});

/** Service names as in their hosts, with the URLs that replace them. */
const endpoints = record(
  "a URL for each service",
  keyOf(/^(?!dynamodb$)[a-z0-9][a-z0-9.-]{0,62}$/, (name) =>
    name === "dynamodb"
      ? '"dynamodb" is built into wsgw. Use the option --dynamodb-endpoint for another one.'
      : `"${name}" is not an AWS service as in host names, such as s3, sqs or secretsmanager.`,
  ),
  textThat("a URL, such as http://localhost:4566", (url) => {
    if (!URL.canParse(url)) return false;
    const { protocol, search, hash } = new URL(url);
    return (protocol === "http:" || protocol === "https:") && search === "" && hash === "";
  }),
);

const localUrl = textThat("a URL, such as http://localhost:8080", (url) => URL.canParse(url) && /^https?:\/\/[^?#]*$/.test(url));

/** Where private integrations lead on this machine. */
const vpcLinks = record(
  "a URL for each VPC link",
  textThat("the ID of a VPC link", (id) => id !== ""),
  localUrl,
);

export const hooksSchema = fields("the hooks", {
  beforeBundle: optional(code<BeforeBundle>(), "Runs before any code is read."),
  afterBundle: optional(code<AfterBundle>(), "Runs for each function when its code is bundled."),
  template: optional(code<ChangeTemplate>(), "Runs on the template before it is checked."),
});

export const esbuildPluginSchema = v.custom<Plugin>(
  (plugin) => isObject(plugin) && typeof plugin.name === "string" && typeof plugin.setup === "function",
  ({ input }) => `${shown(input)} is not a plugin of esbuild. Plugins are objects with name and setup, in a definition in TypeScript or JavaScript.`,
);

export const esbuildSchema = fields("the esbuild settings", {
  loader: optional(extensionLoaders, 'esbuild loaders by file extension: `{ ".svg": "text" }`.', {}),
  define: optional(definedNames, "Replacements for names in the code: `{ VERSION: '\"1.2\"' }`.", {}),
  plugins: optional(list(esbuildPluginSchema), "esbuild plugins. They run before those of wsgw. Not in JSON.", []),
});

const variables = optional(
  // https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-stages.html
  record(
    "a string for each variable",
    keyOf(/^\w+$/, "cannot name a stage variable. Use letters, digits and _."),
    referable(text("a string of 2048 characters at most out of letters, digits and -._~:/?#&=,", /^[\w.~:/?#&=,-]{1,2048}$/)),
  ),
  "Contained in every event as `stageVariables`: strings of 1 to 2048 letters, digits and `-._~:/?#&=,`, or references. Names of letters, digits and `_`.",
  {},
);
const stageDescription = optional(textOf(0, 1024), "1024 characters at most.");

const PREDEFINED_ROUTES = ["$connect", "$disconnect", "$default"];

/**
 * A custom key may not begin with `$`; API Gateway's error is "The provided route key is not formatted
 * properly".
 * @see https://github.com/serverless/serverless/issues/9530
 */
const routeKey = keyOf(/^(?:\$(?:connect|disconnect|default)$|[^$])/, (key) => {
  if (key === "") return "a route key cannot be empty.";
  const near = didYouMean(key, PREDEFINED_ROUTES) ?? ".";
  return `"${key}" is not a route key of API Gateway${near} Only $connect, $disconnect and $default may begin with $.`;
});

const throttleFields = {
  rateLimit: optional(
    numberFromZero("requests a second"),
    "Average requests per second; with 0, all requests are rejected once the burst is used up. Default: the account's 10,000.",
  ),
  burstLimit: optional(wholeNumber(0, Number.POSITIVE_INFINITY, "requests"), "Requests at once; 0 rejects all. Default: the account's 5,000."),
};

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-protect.html */
export const throttleSchema = fields("a throttle", throttleFields);

export const stageThrottleSchema = fields("the throttle of a stage", {
  ...throttleFields,
  routes: optional(record("a throttle for each route key", routeKey, throttleSchema), "Limits by route key. They override the stage's limits.", {}),
});

const loggingLevel = oneOf("a level", ["OFF", "ERROR", "INFO"]);
const aboutLevel = "`ERROR` logs what fails, `INFO` every request.";
const aboutTrace = "With `INFO`: messages, requests and answers of integrations too.";

export const routeExecutionLogSchema = fields("the execution log of a route", {
  level: optional(loggingLevel, aboutLevel),
  dataTrace: optional(trueOrFalse, aboutTrace),
});

export const executionLogSchema = fields("an execution log", {
  level: optional(loggingLevel, aboutLevel, "OFF"),
  dataTrace: optional(trueOrFalse, aboutTrace, false),
  file: optional(
    textThat("a file, such as logs/execution.log", (file) => file !== ""),
    "File for the lines on this machine, relative to the definition's directory.",
  ),
  routes: optional(record("settings for each route key", routeKey, routeExecutionLogSchema), "Settings by route key. They override the stage's.", {}),
});

const executionLog = optional(
  executionLogSchema,
  "How API Gateway handles each request, both locally and on AWS. On AWS it replaces `level` and `dataTrace` of `deploy.logging`. Default: none locally.",
);
const detailedMetrics = optional(trueOrFalse, "True counts each route in metrics of its own too. Default `false`.");
const stageThrottle = optional(stageThrottleSchema, "Limits for handshakes and messages of the stage. Default: any number.");
const accessLog = optional(accessLogSchema, "One log line per request, both locally and on AWS. On AWS it replaces `deploy.logging.accessLog`. Default: none locally.");

export const stageSchema = fields(
  "the stage",
  {
    name: required(
      text("a stage name of letters, digits, _ and -, 128 characters at most", /^[\w-]{1,128}$/),
      "Letters, digits, `_` and `-`, 128 characters at most. The first part of the URL's path.",
    ),
    description: stageDescription,
    variables,
    throttle: stageThrottle,
    accessLog,
    executionLog,
    detailedMetrics,
  },
  termOfAws,
);

/** A stage of a project's API: its key is its name. */
export const projectStageSchema = fields("a stage", { description: stageDescription, variables, throttle: stageThrottle, accessLog, executionLog, detailedMetrics }, termOfAws);

const nameOfAuthorizer = text("the name of an authorizer", /^[A-Za-z][\w-]{0,127}$/);

const routeFields = {
  function: optional(
    functionName,
    "A name in `functions`, also with an alias (`send:live`) or stage variables (`${stageVariables.fn}:live`); short for an integration of the type `lambda-proxy`.",
  ),
  integration: optional(integrationSchema, "The integration of the route, instead of `function`."),
  authorizer: optional(nameOfAuthorizer, "A name in `authorizers`, or `AWS_IAM`: clients sign the handshake with AWS keys. Only `$connect` can have one."),
  apiKeyRequired: optional(trueOrFalse, "True accepts only clients with an API key of a usage plan. Only `$connect` can have it.", false),
  operationName: optional(textOf(1, 64), "1 to 64 characters."),
  routeResponse: optional(trueOrFalse, "True makes the route two-way: the client gets the handler's `body`.", false),
  integrationTimeout: optional(
    wholeNumber(integrationTimeoutMs.least, integrationTimeoutMs.most, "ms"),
    "How long API Gateway waits for the integration, in ms, 50 to 29,000. The function continues after that.",
    29_000,
  ),
  ...requestModelFields,
  requestParameters: optional(
    routeParametersSchema,
    "Parameters that the integration's `requestParameters` use, by `route.request.header.NAME` or `route.request.querystring.NAME`. Only `$connect` can have them.",
  ),
};

const routeOfFunction = fields(
  "a route",
  {
    ...routeFields,
    function: required(
      functionName,
      "A name in `functions`, also with an alias (`send:live`) or stage variables (`${stageVariables.fn}:live`); short for an integration of the type `lambda-proxy`.",
    ),
  },
  termOfAws,
);
const routeOfIntegration = fields("a route", { ...routeFields, integration: required(integrationSchema, "The integration of the route, instead of `function`.") }, termOfAws);

/** A route has either `function` or `integration`. */
export const routeSchema = meant(v.union([routeOfFunction, routeOfIntegration]), (value) =>
  isObject(value) && value.function === undefined && value.integration !== undefined ? routeOfIntegration : routeOfFunction,
);

const identitySource = textWithout((source) =>
  typeof source === "string" && /^(?:route\.request\.(?:querystring|header)|stageVariables|context)\.[a-zA-Z0-9._-]+$/.test(source)
    ? undefined
    : `Invalid request identity source expression: ${typeof source === "string" ? source : shown(source)}. The sources must be separated by comma, and each source must be either a request parameter, matching 'route.request.querystring|header.[a-zA-Z0-9._-]+', or a stage variable, matching 'stageVariables.[a-zA-Z0-9._-]+', or a context parameter, matching 'context.[a-zA-Z0-9._-]+'`,
);

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html */
export const authorizerSchema = fields("an authorizer", {
  function: required(functionName, "A name in `functions`: the function that decides who may connect."),
  identitySource: optional(
    list(identitySource),
    "What a handshake must have before API Gateway calls the function: `route.request.header.NAME`, `route.request.querystring.NAME`, `stageVariables.NAME` or `context.NAME`. If one is missing, the answer is 401.",
    [],
  ),
  denied,
});

/** A route of a project's API. */
export const projectRouteSchema = fields("a route", routeFields, termOfAws);

const projectName = text("a name of letters, digits and hyphens that starts with a letter, 128 characters at most", /^[A-Za-z][A-Za-z0-9-]{0,127}$/);

const EXPRESSION_EXAMPLE = '"$request.body.action"';

const expression = textWithout((source) => {
  if (typeof source === "string") return undefined;
  const is = source === undefined ? "is missing" : `${shown(source)} is not a string`;
  return `${is}. Write an expression, such as ${EXPRESSION_EXAMPLE}.`;
});

const description = optional(textOf(0, 1024), "1024 characters at most.");
const functions = required(
  record("a function for each name", nameKey("a function"), functionSchema),
  "Functions by name; names of letters, digits, `-` and `_`, a letter first, 64 characters at most. 300 at most in an API.",
);
const tables = optional(record("a table for each name", nameKey("a table"), tableSchema), "Tables by name; names as for functions.", {});

const scalar = v.union([v.string(), v.number(), v.boolean()], ({ input }) => `${shown(input)} is not a string, a number or true or false.`);

const signerField = (about: string) => optional(textOf(1, 1024), about);

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-mapping-template-reference.html */
export const signerSchema = fields("the identity of a signer", {
  accountId: signerField("Account of the signer. Default: that of the API."),
  caller: signerField("Id of the user or of the role's session. Default: derived from `userArn`."),
  accessKey: signerField("Id of the key. Default: the key that the client signs with."),
  cognitoAuthenticationProvider: signerField("Such as `cognito-idp.eu-west-1.amazonaws.com/POOL,cognito-idp.eu-west-1.amazonaws.com/POOL:CognitoSignIn:SUB`."),
  cognitoAuthenticationType: signerField("`authenticated` or `unauthenticated`."),
  cognitoIdentityId: signerField("Such as `eu-west-1:1a2b…`."),
  cognitoIdentityPoolId: signerField("Such as `eu-west-1:3c4d…`."),
  userArn: signerField("ARN of the user or of the role's session. Default: that of an IAM user with the name of the identity."),
  user: signerField("Id of the user. Default: the same as `caller`."),
});

/** What API Gateway would know about a client. */
export const identitySchema = fields("an identity", {
  principalId: optional(scalar, "`principalId` in the events of its connection: a string, number, true or false."),
  context: optional(record("a value for each key", v.string(), scalar), "Other values of `requestContext.authorizer`: strings, numbers, true or false. They become strings.", {}),
  identity: optional(
    signerSchema,
    "With `AWS_IAM` on `$connect`: the client's values in `requestContext.identity`, such as Cognito's ids. Default: an IAM user with the name of the identity.",
  ),
  durationSeconds: optional(
    wholeNumber(1, 129_600, "seconds"),
    "Lifetime of keys that the gateway issues for it, in seconds, 129,600 at most. Default: as long as the gateway runs.",
  ),
  statements: optional(list(roleStatement), "With `AWS_IAM` on `$connect`: what the identity's policies allow, such as `execute-api:Invoke`. Default: everything."),
  usageIdentifierKey: optional(
    textThat("the value of an API key", () => true),
    "Value of the client's API key, if the API gets keys from the authorizer.",
  ),
});

const keySource = oneOf("a source of API keys", ["$request.header.x-api-key", "$context.authorizer.usageIdentifierKey"]);

/** API Gateway's error for a shorter value is "API Key value should be at least 20 characters". */
const keyValue = textThat("the value of an API key: 20 characters or more, without blanks", (value) => /^[!-~]{20,}$/.test(value));

export const apiKeySchema = fields("an API key", {
  value: optional(keyValue, "20 characters or more. Default: generated: on this machine the same at every start, on AWS another one."),
  enabled: optional(trueOrFalse, "False rejects clients that send it.", true),
  description: optional(textOf(0, 1024), "1024 characters at most."),
});

export const usagePlanSchema = fields("a usage plan", {
  description: optional(textOf(0, 1024), "1024 characters at most."),
  apiKeys: optional(list(textThat("the name of an API key", () => true)), "Names in `apiKeys`: the keys of the plan.", []),
  apiStages: optional(
    list(
      fields("a stage of a usage plan", {
        api: required(
          textThat("the name of an API", () => true),
          "The API, by its name in the project.",
        ),
        stage: required(
          textThat("the name of a stage", () => true),
          "One of its stages.",
        ),
      }),
    ),
    "The stages that the keys are valid for. Default: all stages of all APIs.",
  ),
  throttle: optional(throttleSchema, "Handshakes allowed per key. Default: any number."),
  quota: optional(
    fields("a quota", {
      limit: required(wholeNumber(0, Number.POSITIVE_INFINITY, "requests"), "Handshakes in each period."),
      period: required(oneOf("a period", ["DAY", "WEEK", "MONTH"]), "`DAY`, `WEEK` or `MONTH`, in UTC; weeks begin on Sunday."),
    }),
    "Handshakes allowed per key and period. Default: any number.",
  ),
});

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
export const accountLimitsSchema = fields("the limits of the account", {
  ...throttleFields,
  newConnectionsPerSecond: optional(numberFromZero("connections a second"), "Handshakes per second; 500 on AWS unless raised. Default: any number."),
});

const apiFields = {
  apiKeySelectionExpression: optional(
    keySource,
    "Source of a client's API key: the header `x-api-key`, or `usageIdentifierKey` of the authorizer's response (`$context.authorizer.usageIdentifierKey`).",
    "$request.header.x-api-key",
  ),
  authorizers: optional(
    record("an authorizer for each name", nameKey("an authorizer"), authorizerSchema),
    "Lambda authorizers by name; names as for functions, but not `AWS_IAM`. `$connect` selects one with `authorizer`.",
    {},
  ),
  ...modelFields,
  routeSelectionExpression: required(expression, "How a message selects its route, for example `$request.body.action`."),
  identities: optional(
    record("an identity for each name", nameKey("an identity"), identitySchema),
    "Mock identities by name, for `wsgw send --as NAME` and tests. wsgw does not call the authorizer for them. With `AWS_IAM` it issues keys that sign as them. On this machine only.",
    {},
  ),
  customDomain: optional(customDomainSchema, "Custom domain name of the API. Events contain it as `domainName`."),
  domainName: optional(
    oneOf("a form of the domain name", ["localhost", "execute-api"]),
    "`domainName` in events of clients that use a local URL. `execute-api` is the name that AWS would use: the custom domain, the first of `hosts`, else the host that API Gateway assigns. `localhost` is the local address, which other programs can use; only the first API can have it.",
    "execute-api",
  ),
  disableExecuteApiEndpoint: optional(
    trueOrFalse,
    "True rejects all requests to the host that API Gateway assigns, so that clients use the custom domain only. Local URLs still work.",
    false,
  ),
  ipAddressType: optional(oneOf("a type of IP addresses", ["ipv4", "dualstack"]), "On AWS: with `dualstack`, clients can also connect over IPv6.", "ipv4"),
  hosts: optional(
    list(textThat('a host name in lower case, such as "abc123.execute-api.eu-west-1.amazonaws.com"', (name) => HOST_NAME.test(name))),
    "More hosts that mean this API on this machine, such as one hard-coded in handlers: `abc123.execute-api.eu-west-1.amazonaws.com`.",
    [],
  ),
};

const projectFields = {
  functions,
  tables,
  apiKeys: optional(
    record("an API key for each name", nameKey("an API key"), apiKeySchema),
    "API keys by name; names as for functions. A key is valid only if a usage plan contains it.",
    {},
  ),
  usagePlans: optional(record("a usage plan for each name", nameKey("a usage plan"), usagePlanSchema), "Usage plans by name; names as for functions.", {}),
  accountLimits: optional(accountLimitsSchema, "Account limits for handshakes, messages and `@connections` calls together, on this machine only. Default: any number."),
  endpoints: optional(endpoints, 'URLs that answer calls to other AWS services on this machine: `{ s3: "http://localhost:4566" }`.', {}),
  vpcLinks: optional(
    vpcLinks,
    'URLs where VPC links lead on this machine, by ID, or in a template by logical ID: `{ Link: "http://localhost:8080" }`. Without one, the URI of the integration is called.',
    {},
  ),
  esbuild: optional(esbuildSchema, "esbuild settings for the functions' code, both locally and for AWS. Only for Node.", {}),
  hooks: optional(hooksSchema, "Your own code that `wsgw deploy` runs. Not in JSON.", {}),
  deploy: optional(deploySchema, "Settings for AWS only.", {}),
};

/** Lets an editor find the schema of a JSON file. */
const $schema = optional(
  textThat("a text", () => true),
  "Where editors find the JSON Schema of the definition; for JSON.",
);

export const apiSchema = fields(
  "the definition",
  {
    name: required(projectName, "Name of the API and of its stack: letters, digits and hyphens, a letter first, 128 at most."),
    description,
    routeSelectionExpression: apiFields.routeSelectionExpression,
    stage: required(stageSchema, "The stage of the API."),
    functions,
    routes: required(record("a route for each route key", routeKey, routeSchema), "Routes by key: `$connect`, `$disconnect`, `$default` or any key of your own. 1 to 300."),
    tables,
    connectionTable: optional(connectionTableSchema, "The table where handlers store the ids of open connections."),
    authorizers: apiFields.authorizers,
    ...modelFields,
    apiKeySelectionExpression: apiFields.apiKeySelectionExpression,
    apiKeys: projectFields.apiKeys,
    usagePlans: projectFields.usagePlans,
    accountLimits: projectFields.accountLimits,
    identities: apiFields.identities,
    customDomain: apiFields.customDomain,
    domainName: apiFields.domainName,
    disableExecuteApiEndpoint: apiFields.disableExecuteApiEndpoint,
    ipAddressType: apiFields.ipAddressType,
    hosts: apiFields.hosts,
    endpoints: projectFields.endpoints,
    vpcLinks: projectFields.vpcLinks,
    esbuild: projectFields.esbuild,
    hooks: projectFields.hooks,
    deploy: projectFields.deploy,
    $schema,
  },
  termOfAws,
);

export const webSocketApiSchema = fields(
  "an API",
  {
    name: optional(textOf(1, 128), "Name of the API on AWS, 1 to 128 characters. Default: the project's name, `-`, and the API's name here."),
    description,
    ...apiFields,
    stages: required(
      record("a stage for each name", keyOf(/^[\w-]{1,128}$/, "cannot name a stage. Use letters, digits, _ and -, 128 characters at most."), projectStageSchema),
      "Stages by name, at least one. Every stage URL reaches the connections of the API.",
    ),
    routes: required(record("a route for each route key", routeKey, projectRouteSchema), "Routes by key: `$connect`, `$disconnect`, `$default` or any key of your own. 1 to 300."),
  },
  (name) => (["apiKeys", "usagePlans", "accountLimits"].includes(name) ? ". Write it next to `apis`." : termOfAws(name)),
);

export const projectSchema = fields(
  "the project",
  {
    name: required(projectName, "Name of the project and of its stack: letters, digits and hyphens, a letter first, 128 at most."),
    description,
    region: optional(text('a region of AWS, such as "eu-west-1"', REGION), "Region, on this machine and of the stack; `--region` overrides it. Default: that of your environment."),
    accountId: optional(text("the id of an account, 12 digits", /^\d{12}$/), "Account on this machine, 12 digits. Default: `123456789012`."),
    apis: required(record("an API for each name", nameKey("an API"), webSocketApiSchema), "WebSocket APIs by name, at least one; names as for functions."),
    ...projectFields,
    $schema,
  },
  (name) =>
    ["stage", "stages", "routes", "models", "routeSelectionExpression", "apiKeySelectionExpression", "customDomain"].includes(name)
      ? ". Write it in one of `apis`."
      : termOfAws(name),
);

/** A definition file: one API, or a project of several. */
export const definitionSchema = meant(v.union([apiSchema, projectSchema]), (definition) => (isProject(definition) ? projectSchema : apiSchema));

/** Whether a definition has the long form; other errors in it are ignored. */
export function isProject(definition: unknown): boolean {
  return isObject(definition) && "apis" in definition;
}

/** The esbuild settings of a definition, ignoring other errors in it; empty if they are not valid. */
export function esbuildIn(definition: unknown): v.InferOutput<typeof esbuildSchema> {
  const written = isObject(definition) ? definition.esbuild : undefined;
  const parsed = v.safeParse(esbuildSchema, written ?? {});
  return parsed.success ? parsed.output : { loader: {}, define: {}, plugins: [] };
}

/** The build settings of a function; undefined if they are not valid, which the checks report. */
export function buildIn(fn: unknown): v.InferOutput<typeof buildSchema> | undefined {
  const written = isObject(fn) ? fn.build : undefined;
  const parsed = v.safeParse(buildSchema, written);
  return parsed.success ? parsed.output : undefined;
}
