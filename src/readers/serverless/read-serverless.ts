import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { regionFor } from "../../definition/region.ts";
import type { WrittenOut } from "../cloudformation/read-template.ts";
import { type Json, type JsonObject, Origins } from "../cloudformation/rules/origins.ts";
import type { Finding } from "../cloudformation/rules/report.ts";
import { isObject } from "../cloudformation/rules/tree.ts";
import type { LoadLimits } from "../config/evaluate-apart.ts";
import { loadEnvFile } from "../env-file.ts";
import { mergedList } from "./rules/merge.ts";
import { pluginsIn } from "./rules/vocabulary.ts";
import { writeOut } from "./rules/write-out.ts";
import { mapOf, type Service } from "./rules/written.ts";
import { ServiceFiles } from "./service-file.ts";
import { sourcesOf } from "./sources.ts";
import { Variables } from "./variables.ts";

export type ServiceOptions = {
  /** `serverless.yml` or the like; absolute. */
  readonly file: string;
  /** Values of options, parameters and variables of AWS, by name. */
  readonly given: Readonly<Record<string, string>>;
  /** In place of that of the service. */
  readonly region: string | undefined;
  readonly accountId: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stateDir: string;
  readonly limits: LoadLimits | undefined;
};

/** A service, read: what it is called, and the template that it stands for. */
export type ReadService = {
  readonly stackName: string;
  readonly region: string;
  /** The values that are left for the parameters of its template. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly written: WrittenOut;
};

/**
 * Reads a service of the Serverless Framework as it is on disk now, with its variables, and writes it out as the
 * template that Serverless makes of it. Rejects with CONFIG_UNREADABLE for a script that gives no service.
 */
export async function readServerless(options: ServiceOptions): Promise<ReadService> {
  const origins = new Origins();
  const findings: Finding[] = [];
  const report = (finding: Finding): void => {
    findings.push(finding);
  };
  const inputs = new Set<string>();
  const reader = new ServiceReader(options, { origins, report, inputs });
  const read = await reader.read();
  const hasFaults = findings.some(({ severity }) => severity === "error");
  return {
    stackName: read?.stackName ?? "service-dev",
    region: read?.region ?? regionFor(options.region, undefined, {}),
    parameters: read?.parameters ?? {},
    written: {
      kind: "serverless",
      origins,
      template: async (tools) => {
        for (const input of inputs) tools.inputs.add(input);
        for (const finding of findings) tools.report(finding);
        return hasFaults ? undefined : read?.template;
      },
    },
  };
}

type Tools = {
  readonly origins: Origins;
  readonly report: (finding: Finding) => void;
  readonly inputs: Set<string>;
};

class ServiceReader {
  readonly #options: ServiceOptions;
  readonly #tools: Tools;
  readonly #root: string;
  readonly #files: ServiceFiles;

  constructor(options: ServiceOptions, tools: Tools) {
    this.#options = options;
    this.#tools = tools;
    this.#root = dirname(options.file);
    const { stateDir, limits } = options;
    this.#files = new ServiceFiles({ ...tools, stateDir, root: this.#root, limits });
  }

  async read() {
    const { file, given, environment } = this.#options;
    const env: Record<string, string | undefined> = { ...environment };
    const raw = await this.#files.service(file, env);
    if (raw === undefined) return undefined;
    if (!isObject(raw))
      return this.#fail("The file has no service. Export an object, or write one.");
    const region = () => this.#options.region ?? given.region;
    const variables: Variables = new Variables(
      sourcesOf({
        ...this.#options,
        root: raw,
        env,
        region,
        files: this.#files,
        variables: () => variables,
      }),
      this.#tools,
    );
    const text = async (...keys: readonly string[]): Promise<string | undefined> => {
      const value = await variables.at(raw, keys);
      return typeof value === "string" && value !== "" ? value : undefined;
    };
    const stage = given.stage ?? (await text("provider", "stage")) ?? "dev";
    const plugins = pluginsIn(await variables.at(raw, ["plugins"]));
    const dotenv = await this.#dotenv(raw, plugins, stage);
    for (const [name, value] of Object.entries(dotenv)) env[name] ??= value;
    const name = (await text("service")) ?? (await text("service", "name"));
    if (name === undefined) return this.#fail("The service has no name. Add service: NAME.");
    const service: Service = {
      ...(await this.#sections(raw, variables, plugins)),
      name,
      stage,
      plugins,
    };
    const isGiven = plugins.includes("serverless-dotenv-plugin");
    const provider = isGiven ? withEnvironment(service.provider, dotenv) : service.provider;
    this.#tools.origins.inherit(provider, service.provider);
    const template = writeOut({ ...service, provider }, raw, this.#tools);
    return {
      stackName: typeof provider.stackName === "string" ? provider.stackName : `${name}-${stage}`,
      region: regionFor(region(), await text("provider", "region"), {}),
      parameters: parametersOf(template, given),
      template,
    };
  }

  /** The parts of the service that have a part in what runs here, without their variables. */
  async #sections(raw: JsonObject, variables: Variables, plugins: readonly string[]) {
    const map = async (...keys: readonly string[]): Promise<JsonObject> =>
      mapOf(await variables.at(raw, keys));
    const functions = mergedList(await this.#functions(raw, variables), this.#tools.origins);
    const resources = mergedList(
      (await variables.at(raw, ["resources"])) ?? {},
      this.#tools.origins,
    );
    return {
      provider: await this.#part(raw, ["provider"], variables),
      functions: objectsIn(functions),
      layers: objectsIn(await map("layers")),
      resources,
      package: await map("package"),
      build: await map("build"),
      custom: await this.#custom(raw, variables, plugins),
    };
  }

  /** The settings of plugins that are read. */
  async #custom(
    raw: JsonObject,
    variables: Variables,
    plugins: readonly string[],
  ): Promise<JsonObject> {
    const read: [string, Json][] = [];
    for (const [plugin, key] of Object.entries(SETTINGS)) {
      if (!plugins.includes(plugin)) continue;
      const settings = await variables.at(raw, ["custom", key]);
      if (isObject(settings)) read.push([key, settings]);
    }
    return Object.fromEntries(read);
  }

  async #functions(raw: JsonObject, variables: Variables): Promise<Json> {
    const { functions } = raw;
    if (!isObject(functions)) return (await variables.at(raw, ["functions"])) ?? {};
    const read: [string, Json][] = [];
    for (const [key, fn] of Object.entries(functions)) {
      if (fn === null) continue;
      read.push([key, await this.#part(functions, [key], variables)]);
    }
    return this.#tools.origins.inherit(Object.fromEntries(read), functions);
  }

  /** An object without what says nothing about how code runs: its variables are often known on AWS alone. */
  async #part(
    tree: JsonObject,
    keys: readonly [string],
    variables: Variables,
  ): Promise<JsonObject> {
    const [key] = keys;
    const raw = tree[key];
    if (!isObject(raw)) return mapOf(await variables.at(tree, keys));
    const fields: [string, Json][] = [];
    for (const name of Object.keys(raw)) {
      const own = LEFT_ASIDE.includes(name) ? (raw[name] ?? null) : await variables.at(raw, [name]);
      if (own !== null) fields.push([name, own ?? ""]);
    }
    return this.#tools.origins.inherit(Object.fromEntries(fields), raw);
  }

  /** The variables of the `.env` files that Serverless or its plugin reads. */
  async #dotenv(
    raw: JsonObject,
    plugins: readonly string[],
    stage: string,
  ): Promise<Readonly<Record<string, string>>> {
    const isFourth = /^\D*4/.test(String(raw.frameworkVersion ?? ""));
    const usesPlugin = plugins.includes("serverless-dotenv-plugin");
    if (raw.useDotenv !== true && !isFourth && !usesPlugin) return {};
    const path = (name: string): string => join(this.#root, name);
    const ofStage = path(`.env.${stage}`);
    for (const file of [path(".env"), ofStage]) this.#tools.inputs.add(file);
    const names = usesPlugin
      ? [".env", `.env.${stage}`, ".env.local", `.env.${stage}.local`].map(path)
      : [existsSync(ofStage) ? ofStage : path(".env")];
    const values = names.filter((file) => existsSync(file)).map(loadEnvFile);
    return Object.assign({}, ...values) as Record<string, string>;
  }

  #fail(problem: string): undefined {
    const { file } = this.#options;
    const origin = { file, path: [], line: 1, column: 1 };
    this.#tools.report({ severity: "error", origin, problem });
    return undefined;
  }
}

/** Where plugins that are read have their settings in `custom`. */
const SETTINGS: Readonly<Record<string, string>> = {
  "serverless-esbuild": "esbuild",
  "serverless-iam-roles-per-function": "serverless-iam-roles-per-function",
};

/** Where code runs on AWS, and how that is called. */
const LEFT_ASIDE = [
  "alb",
  "deploymentBucket",
  "kmsKeyArn",
  "logs",
  "notificationArns",
  "stackTags",
  "tags",
  "vpc",
  "vpcEndpointIds",
];

function withEnvironment(
  provider: JsonObject,
  variables: Readonly<Record<string, string>>,
): JsonObject {
  return { ...provider, environment: { ...mapOf(provider.environment), ...variables } };
}

function objectsIn(map: JsonObject): Readonly<Record<string, JsonObject>> {
  const entries = Object.entries(map).filter(([, value]) => isObject(value));
  return Object.fromEntries(entries) as Record<string, JsonObject>;
}

/** Options of the service are no parameters of its template, unless it has one of the same name. */
function parametersOf(
  template: JsonObject,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const own = mapOf(template.Parameters);
  const isFor = ([name]: readonly [string, string]) => /\W/.test(name) || Object.hasOwn(own, name);
  return Object.fromEntries(Object.entries(given).filter(isFor));
}
