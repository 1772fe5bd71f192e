import { dirname } from "node:path";
import { regionFor } from "../../definition/region.ts";
import { WsgwError } from "../../errors.ts";
import { type Json, type JsonObject, Origins } from "../cloudformation/rules/origins.ts";
import type { Finding } from "../cloudformation/rules/report.ts";
import { isList, isObject, objectOf } from "../cloudformation/rules/tree.ts";
import { currentPackage } from "./current-package.ts";
import { dotenvVariables } from "./dotenv-files.ts";
import { packagedTemplate } from "./package-service.ts";
import { readPackaged } from "./read-packaged.ts";
import { parametersOf, type ReadService, type ServiceOptions, writtenAs } from "./read-service.ts";
import { mergedList } from "./rules/merge.ts";
import { pluginsIn } from "./rules/plugins.ts";
import { isIgnored, mustBeKnown, unresolvedText } from "./rules/unresolved-variables.ts";
import { writeOut } from "./rules/write-out.ts";
import type { Service } from "./rules/written.ts";
import { ServiceFiles } from "./service-file.ts";
import { sourcesOf } from "./variable-sources.ts";
import { Variables } from "./variables.ts";

/**
 * Reads a Serverless Framework service as it is on disk now, resolves its variables, and writes the template
 * that Serverless would create. If wsgw cannot read it, the project's own Serverless packages it. Rejects
 * with CONFIG_UNREADABLE for a script without a service.
 */
export async function readServerless(options: ServiceOptions): Promise<ReadService> {
  const findings: Finding[] = [];
  const inputs = new Set<string>([options.file]);
  const own = await readAlone(options, findings, inputs).catch((error: unknown) => {
    if (error instanceof WsgwError && options.limits?.signal?.aborted !== true) return error;
    throw error;
  });
  const isRead = !(own instanceof Error) && findings.every(({ severity }) => severity !== "error");
  if (isRead) return own;
  const { file, environment: env, limits } = options;
  const packaged = await currentPackage({ ...options, ...limits, env, inputs: [...inputs] });
  inputs.add(packagedTemplate(file));
  if (packaged?.kind === "packaged") return readPackaged(packaged, inputs, options);
  if (own instanceof Error) throw own;
  if (packaged !== undefined) {
    const origin = findings.find(({ severity }) => severity === "error")?.origin;
    findings.push({ severity: "error", origin, problem: packaged.problem });
  }
  return own;
}

/** The service as wsgw itself reads it, whatever is installed. */
async function readAlone(
  options: ServiceOptions,
  findings: Finding[],
  inputs: Set<string>,
): Promise<ReadService> {
  const origins = new Origins();
  const report = (finding: Finding): void => {
    findings.push(finding);
  };
  const reader = new ServiceReader(options, { origins, report, inputs });
  const read = await reader.read();
  return {
    remarks: [],
    stackName: read?.stackName ?? "service-dev",
    region: read?.region ?? regionFor(options.region, undefined, {}),
    parameters: read?.parameters ?? {},
    written: writtenAs(origins, inputs, findings, () => {
      const hasFaults = findings.some(({ severity }) => severity === "error");
      return hasFaults ? undefined : read?.template;
    }),
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
      return this.#fail("The file does not define a service. Export an object, or write one.");
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
    const dotenv = dotenvVariables({ raw, plugins, stage, root: this.#root }, this.#tools.inputs);
    for (const [name, value] of Object.entries(dotenv)) env[name] ??= value;
    const name = (await text("service")) ?? (await text("service", "name"));
    if (name === undefined)
      return this.#fail("The service does not have a name. Add service: NAME.");
    const service: Service = {
      ...(await this.#sections(raw, variables, plugins)),
      name,
      stage,
      plugins,
      open: variables.open,
    };
    const isGiven = plugins.includes("serverless-dotenv-plugin");
    const provider = isGiven ? withEnvironment(service.provider, dotenv) : service.provider;
    this.#tools.origins.inherit(provider, service.provider);
    this.#tellOpen(variables.open);
    const template = writeOut({ ...service, provider }, raw, this.#tools);
    return {
      stackName: typeof provider.stackName === "string" ? provider.stackName : `${name}-${stage}`,
      region: regionFor(region(), await text("provider", "region"), {}),
      parameters: parametersOf(template, given),
      template,
    };
  }

  /**
   * The relevant parts of the service, with resolved variables. Variables of code and connections must be
   * known; others may stay open.
   */
  async #sections(raw: JsonObject, variables: Variables, plugins: readonly string[]) {
    const provider = objectOf(await variables.node(raw, ["provider"]));
    const maps = await this.#functionMaps(raw, variables);
    await this.#fields(provider, variables, mustBeKnown);
    for (const fn of maps.flatMap(({ functions }) => Object.values(functions))) {
      await this.#fields(fn, variables, mustBeKnown);
      await this.#askForWebSockets(fn, variables);
    }
    return variables.leavingOpen(async () => {
      const { origins } = this.#tools;
      const built: JsonObject[] = [];
      for (const { map, functions } of maps) {
        const read: [string, Json][] = [];
        for (const [key, fn] of Object.entries(functions)) {
          read.push([key, await this.#fields(fn, variables)]);
        }
        built.push(origins.inherit<JsonObject>(Object.fromEntries(read), map));
      }
      const section = async (name: string) => objectOf(await variables.at(raw, [name]));
      return {
        provider: await this.#fields(provider, variables),
        functions: objectsIn(mergedList(built, origins)),
        layers: objectsIn(await section("layers")),
        resources: mergedList((await variables.at(raw, ["resources"])) ?? {}, origins),
        package: await section("package"),
        build: await section("build"),
        custom: await this.#custom(raw, variables, plugins),
      };
    });
  }

  /** The settings of supported plugins. */
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

  /** The functions as written: an object or an array of them, each possibly in its own file. */
  async #functionMaps(raw: JsonObject, variables: Variables) {
    const written = (await variables.node(raw, ["functions"])) ?? {};
    const maps: JsonObject[] = isObject(written) ? [written] : [];
    for (const at of isList(written) ? written.keys() : []) {
      maps.push(objectOf(await variables.node(written, [String(at)])));
    }
    const all: { map: JsonObject; functions: Record<string, JsonObject> }[] = [];
    for (const map of maps) {
      const functions: Record<string, JsonObject> = {};
      for (const key of Object.keys(map)) {
        const fn = await variables.node(map, [key]);
        if (isObject(fn)) functions[key] = fn;
      }
      all.push({ map, functions });
    }
    return all;
  }

  /** An object with resolved variables, without fields that do not affect the code. */
  async #fields(
    raw: JsonObject,
    variables: Variables,
    isWanted: (name: string) => boolean = () => true,
  ): Promise<JsonObject> {
    const fields: [string, Json][] = [];
    for (const name of Object.keys(raw).filter(isWanted)) {
      const own = isIgnored(name) ? (raw[name] ?? null) : await variables.at(raw, [name]);
      if (own !== null) fields.push([name, own ?? ""]);
    }
    return this.#tools.origins.inherit(Object.fromEntries(fields), raw);
  }

  async #askForWebSockets(fn: JsonObject, variables: Variables): Promise<void> {
    const events = await variables.node(fn, ["events"]);
    if (!isList(events)) return;
    for (const at of events.keys()) {
      const event = await variables.node(events, [String(at)]);
      if (isObject(event) && "websocket" in event) await variables.at(event, ["websocket"]);
    }
  }

  #tellOpen(open: ReadonlySet<string>): void {
    if (open.size === 0) return;
    const problem = unresolvedText(open);
    const origin = { file: this.#options.file, path: [], line: 1, column: 1 };
    this.#tools.report({ severity: "warning", origin, problem });
  }

  #fail(problem: string): undefined {
    const { file } = this.#options;
    const origin = { file, path: [], line: 1, column: 1 };
    this.#tools.report({ severity: "error", origin, problem });
    return undefined;
  }
}

/** The keys in `custom` with settings of supported plugins. */
const SETTINGS: Readonly<Record<string, string>> = {
  "serverless-dynamodb": "serverless-dynamodb",
  "serverless-dynamodb-local": "dynamodb",
  "serverless-esbuild": "esbuild",
  "serverless-iam-roles-per-function": "serverless-iam-roles-per-function",
};

function withEnvironment(
  provider: JsonObject,
  variables: Readonly<Record<string, string>>,
): JsonObject {
  return { ...provider, environment: { ...objectOf(provider.environment), ...variables } };
}

function objectsIn(map: JsonObject): Readonly<Record<string, JsonObject>> {
  const entries = Object.entries(map).filter(([, value]) => isObject(value));
  return Object.fromEntries(entries) as Record<string, JsonObject>;
}
