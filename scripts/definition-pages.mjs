// Generates files from the description of a definition, src/definition/schema.ts: the authors' types, the
// JSON Schema for editors, and the tables of docs/definition.md.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { toJsonSchema } from "@valibot/to-json-schema";
import { loadTypeScript } from "./docs/typescript.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The named parts of a definition, with the descriptions of their types. */
const NAMED = {
  ApiDefinition: [
    "apiSchema",
    "An API as its author writes it, in `wsgw.config.ts` or another config file: a project of one API with one stage.",
  ],
  ProjectDefinition: [
    "projectSchema",
    "A project as its author writes it: several WebSocket APIs that share functions and tables.",
  ],
  WebSocketApiDefinition: ["webSocketApiSchema", "One WebSocket API of a project."],
  AccessLogDefinition: ["accessLogSchema", "The access log of a stage."],
  ExecutionLogDefinition: ["executionLogSchema", "The execution log of a stage."],
  RouteExecutionLogDefinition: [
    "routeExecutionLogSchema",
    "What a route writes to the execution log of its stage.",
  ],
  StageDefinition: ["stageSchema", "The stage of an API that is a project by itself."],
  ProjectStageDefinition: ["projectStageSchema", "A stage of one of a project's APIs."],
  RouteDefinition: [
    "routeSchema",
    "A route of an API that is a project by itself; it has either `function` or `integration`.",
  ],
  ProjectRouteDefinition: [
    "projectRouteSchema",
    "A route of one of a project's APIs; it has either `function` or `integration`.",
  ],
  AuthorizerDefinition: ["authorizerSchema", "A Lambda authorizer, which decides who may connect."],
  ThrottleDefinition: ["throttleSchema", "Limits by a token bucket."],
  StageThrottleDefinition: ["stageThrottleSchema", "Limits of a stage and of its routes."],
  ApiKeyDefinition: ["apiKeySchema", "An API key."],
  UsagePlanDefinition: [
    "usagePlanSchema",
    "Which API keys are good for which stages, and how often.",
  ],
  AccountLimitsDefinition: ["accountLimitsSchema", "Limits of an account, on this machine only."],
  IdentityDefinition: ["identitySchema", "A client as an authorizer or IAM would know it."],
  SignerDefinition: [
    "signerSchema",
    "Who signed a handshake, as `requestContext.identity` has it.",
  ],
  IntegrationDefinition: ["integrationSchema", "What answers a route."],
  IntegrationResponseDefinition: [
    "integrationResponseSchema",
    "What becomes of the answer of an integration.",
  ],
  FunctionDefinition: ["functionSchema", "A Lambda function."],
  PermissionsDefinition: [
    "permissionsSchema",
    "What a role allows that is not made from the definition.",
  ],
  RoleStatement: ["roleStatement", "One statement of an IAM policy, in IAM's own words."],
  TableDefinition: ["tableSchema", "A DynamoDB table."],
  KeyDefinition: ["keySchema", "A key of a table or index."],
  IndexDefinition: ["indexSchema", "A global secondary index. All attributes are projected."],
  Capacity: ["capacitySchema", "Capacity in units per second, or billed by request."],
  ConnectionTableDefinition: [
    "connectionTableSchema",
    "The table in which handlers keep the ids of the open connections.",
  ],
  DeletionPolicy: [
    "deletionPolicySchema",
    "What becomes of a table, with all that is in it, when the stack no longer has it.",
  ],
  CustomDomainDefinition: ["customDomainSchema", "A domain name of your own for an API."],
  EsbuildDefinition: ["esbuildSchema", "How esbuild builds the functions' code."],
  FunctionBuildDefinition: ["buildSchema", "How esbuild builds the code of one function."],
  DeployDefinition: ["deploySchema", "How the stack is made."],
  LoggingDefinition: ["loggingSchema", "What API Gateway itself logs."],
};

/** Types that are declared elsewhere, by their schema. */
const ELSEWHERE = {
  DeployHooks: "hooksSchema",
  ModelSchema: "modelSchema",
  Plugin: "esbuildPluginSchema",
  Value: "valueSchema",
};

/** The docs' names for values of custom schemas. */
const CUSTOM = { esbuildPluginSchema: "esbuild plugin", modelSchema: "JSON Schema" };

/** The JSON Schema of a definition file: of the long form if it has `apis`, else of the short one. */
export async function jsonSchema() {
  const schemas = await load();
  const named = Object.entries(NAMED).map(([name, [key]]) => [name, schemas[key]]);
  const { $schema, $defs } = toJsonSchema(schemas.definitionSchema, {
    typeMode: "input",
    definitions: { ...Object.fromEntries(named), Value: schemas.valueSchema },
    errorMode: "ignore", // code and custom checks, which JSON Schema cannot express
    ignoreActions: ["check"],
    overrideSchema: ({ valibotSchema, jsonSchema }) =>
      valibotSchema.about === undefined ? undefined : withDescriptions(jsonSchema, valibotSchema),
  });
  return {
    $schema,
    title: "The definition of a wsgw project",
    if: { type: "object", required: ["apis"] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { $ref: "#/$defs/ProjectDefinition" },
    else: { $ref: "#/$defs/ApiDefinition" },
    $defs,
  };
}

function withDescriptions(jsonSchema, { about }) {
  const { hooks: _, plugins: __, ...fields } = jsonSchema.properties; // functions, which JSON cannot contain
  const described = Object.entries(fields).map(([name, field]) => [
    name,
    { ...field, description: about[name] },
  ]);
  return { ...jsonSchema, properties: Object.fromEntries(described) };
}

/** The types of whole definitions, and of their parts, which the types of checked projects use too. */
async function writtenTypes() {
  const schemas = await load();
  const isWhole = ([name]) => name === "ApiDefinition" || name === "ProjectDefinition";
  const entries = Object.entries(NAMED);
  const parts = entries.filter((entry) => !isWhole(entry));
  const declare = ([name, [key, about]]) => {
    const type = typeOf(schemas[key], namesOf(schemas, name), 0);
    return `${comment(about)}\nexport type ${name} = ${type};\n`;
  };
  const partNames = parts.map(([name]) => name);
  const declarations = entries.filter(isWhole).map(declare);
  const used = partNames.filter((name) =>
    declarations.some((text) => new RegExp(`\\b${name}\\b`).test(text)),
  );
  return {
    parts: formatted([
      MADE,
      'import type { Plugin } from "esbuild";',
      'import type { ModelSchema } from "./models.ts";',
      'import type { Value } from "./references.ts";',
      'import type { Runtime } from "./runtimes.ts";\n',
      ...parts.map(declare),
    ]),
    written: formatted([
      MADE,
      'import type { DeployHooks } from "./checked-project.ts";',
      'import type { ModelSchema } from "./models.ts";',
      `import type { ${used.sort().join(", ")} } from "./parts.ts";\n`,
      ...declarations,
    ]),
  };
}

const MADE =
  "// Made by node scripts/definition-pages.mjs from src/definition/schema.ts; do not edit.";

function formatted(lines) {
  const biome = createRequire(import.meta.url).resolve("@biomejs/biome/bin/biome");
  const args = [biome, "format", "--stdin-file-path=src/definition/written.ts"];
  return execFileSync(process.execPath, args, {
    cwd: root,
    input: lines.join("\n"),
    encoding: "utf8",
  });
}

/** The names of schemas, except for the one being declared. */
function namesOf(schemas, declared) {
  const named = Object.entries(NAMED).map(([name, [key]]) => [name, key]);
  const all = [...named, ...Object.entries(ELSEWHERE)];
  return new Map(all.flatMap(([name, key]) => (name === declared ? [] : [[schemas[key], name]])));
}

function typeOf(schema, names) {
  const named = names.get(schema);
  if (named !== undefined) return named;
  const inner = (part) => typeOf(part, names);
  switch (schema.type) {
    case "string":
      return "string";
    case "number":
    case "boolean":
      return schema.type;
    case "literal":
      return JSON.stringify(schema.literal);
    case "picklist":
      return words(schema.options);
    case "custom":
      return "unknown";
    case "array":
      return `readonly ${schema.item.type === "picklist" ? `(${inner(schema.item)})` : inner(schema.item)}[]`;
    case "record":
      return `Readonly<Record<string, ${inner(schema.value)}>>`;
    case "union":
      return isValue(schema) ? "Value" : unionType(schema.options, names);
    case "exact_optional":
      return inner(schema.wrapped);
    case "strict_object":
      return objectType(schema, names);
    default:
      throw new Error(`${schema.type} has no type yet`);
  }
}

/** Common fields of a union's objects are written once, so that editors show their descriptions. */
function unionType(options, names) {
  const [first, ...others] = options;
  const common = Object.entries(first.entries ?? {}).filter(([name, entry]) =>
    others.every((other) => other.entries?.[name] === entry),
  );
  const each = options.map((option) => {
    if (common.length === 0) return typeOf(option, names);
    const own = Object.entries(option.entries).filter(
      ([name]) => !common.some(([same]) => same === name),
    );
    return objectType({ ...option, entries: Object.fromEntries(own) }, names);
  });
  if (common.length === 0) return each.join(" | ");
  return `${objectType({ ...first, entries: Object.fromEntries(common) }, names)} & (${each.join(" | ")})`;
}

function objectType(schema, names) {
  const fields = Object.entries(schema.entries).map(([name, entry]) => {
    const optional = entry.type === "exact_optional";
    const about = withDefault(schema.about[name], entry);
    const type = typeOf(entry, names);
    return `${comment(about)} readonly ${name}${optional ? "?" : ""}: ${type};\n`;
  });
  return `{\n${fields.join("")}}`;
}

/** Lambda has many runtimes, so their type has a name. */
function words(options) {
  return options.includes("nodejs24.x")
    ? "Runtime"
    : options.map((option) => JSON.stringify(option)).join(" | ");
}

/** A string or a reference, whatever the format of the string. */
function isValue({ options }) {
  return options.some(({ entries }) => entries?.ref !== undefined);
}

function withDefault(about, entry) {
  const isPlain = ["string", "number", "boolean"].includes(typeof entry.default);
  return isPlain ? `${about} Default \`${entry.default}\`.` : about;
}

function comment(about) {
  return `/** ${about.replaceAll("*/", "*\\/")} */`;
}

/** The tables of docs/definition.md, by the schema whose fields they list. */
export async function docsPage() {
  const schemas = await load();
  const page = readFileSync(`${root}docs/definition.md`, "utf8");
  return page.replaceAll(
    /(<!-- fields: (\w+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, begin, name, end) => `${begin}\n${table(schemas, name)}\n\n${end}`,
  );
}

function table(schemas, name) {
  const schema = schemas[NAMED[name][0]];
  const rows = Object.entries(schema.entries).map(([field, entry]) => {
    const [stated, otherwise] = / ?Default: (.+?)\.(?= |$)/.exec(schema.about[field]) ?? [""];
    const isRequired = entry.type !== "exact_optional";
    return [
      `\`${field}\``,
      inWords(entry, schemas),
      isRequired ? "required" : (otherwise ?? defaultOf(entry)),
      schema.about[field].replace(stated, "").trim(),
    ];
  });
  return [["Field", "Type", "Default", "Meaning"], ["---", "---", "---", "---"], ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`)
    .join("\n");
}

function defaultOf({ default: value }) {
  const isEmpty = typeof value === "object" && Object.keys(value).length === 0;
  if (value === undefined || isEmpty) return "none";
  return `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}

/** The type of a field in the docs' words. */
function inWords(schema, schemas) {
  const inner = (part) => inWords(part, schemas);
  switch (schema.type) {
    case "string":
    case "picklist":
    case "literal":
      return typeof schema.options?.[0] === "number" ? "number" : "string";
    case "boolean":
      return "true or false";
    case "array":
      return `array of ${inner(schema.item)}s`;
    case "record":
      if (isValueSchema(schema.value)) return "object of values";
      return schema.value.type === "union" ? "object" : `object of ${inner(schema.value)}s`;
    case "union":
      return [...new Set(schema.options.map(inner))].join(" or ");
    case "strict_object":
      return "object";
    case "exact_optional":
      return inner(schema.wrapped);
    case "custom":
      return customInWords(schema, schemas);
    default:
      return schema.type;
  }
}

/** A custom schema is code, so the docs need a name for each. */
function customInWords(schema, schemas) {
  const [, words] = Object.entries(CUSTOM).find(([key]) => schemas[key] === schema) ?? [];
  if (words === undefined) throw new Error("a custom schema has no name for the docs yet");
  return words;
}

function isValueSchema(schema) {
  return schema.type === "union" && isValue(schema);
}

let loading;

function load() {
  loading ??= loadTypeScript(
    "src/definition/schema.ts",
    "src/definition/access-log.ts",
    "src/definition/models.ts",
  );
  return loading;
}

/** All generated contents, by file. */
export async function madeFiles() {
  const { parts, written } = await writtenTypes();
  return {
    "src/definition/parts.ts": parts,
    "src/definition/written.ts": written,
    "docs/definition.md": await docsPage(),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [file, text] of Object.entries(await madeFiles())) writeFileSync(root + file, text);
}
