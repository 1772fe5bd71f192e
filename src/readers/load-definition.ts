import { existsSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { type Fault, sentenceOf, TEMPLATE_HINT } from "../definition/faults.ts";
import type { TemplateDefinition } from "../definition/from-template.ts";
import { type Places, placesOf, rememberPlaces } from "../definition/places.ts";
import { regionFor } from "../definition/region.ts";
import type { ProjectDefinition } from "../definition/written.ts";
import { WsgwError } from "../errors.ts";
import { stateInCache, stateNextTo } from "../project-directory/state-directory.ts";
import { fieldOf } from "../values/json.ts";
import { isOfCdk } from "./cdk/app.ts";
import type { OpenedCdk } from "./cdk/read-cdk.ts";
import type { TemplateOptions } from "./cloudformation/read-template.ts";
import type { MayAllow } from "./cloudformation/rules/invoke-permission.ts";
import { type ConfigOptions, type LoadedConfig, loadConfig } from "./config/config-file.ts";
import { type FoundDefinition, findDefinition, formOf, projectOf } from "./find-definition.ts";
import { CONFIG_SOURCE, type LoadedDefinition } from "./loaded-definition.ts";
import { chosenParameters, chosenPlace } from "./rules/option-precedence.ts";
import { addTo, faultsOfAdditions, isFromTemplate } from "./rules/template-additions.ts";
import { loadEnvVars } from "./sam/env-vars.ts";
import { readOverrides } from "./sam/rules/parameter-overrides.ts";
import { SAMCONFIG_NAMES } from "./sam/rules/samconfig-names.ts";
import type { SamConfig } from "./sam/samconfig.ts";
import type { ReadService } from "./serverless/read-service.ts";
import { packagedService } from "./serverless/serverless-state.ts";

/** The file of a project, and the inputs for reading it. */
export type ProjectSource = {
  /** Directory from which the file is searched upwards. Other paths are relative to it. */
  readonly cwd: string;
  /** The config file. Not with `template`. */
  readonly config?: string | undefined;
  /** The CloudFormation or SAM template, or the `cdk.json` of an app. */
  readonly template?: string | undefined;
  /** Values of a template's parameters, by name or as strings such as `Stage=dev`. */
  readonly parameters?: Readonly<Record<string, string>> | readonly string[] | undefined;
  /** The environment of `samconfig.toml`. Default `default`. */
  readonly configEnv?: string | undefined;
  /** File with variables of a template's functions, in the format of `sam local --env-vars`. */
  readonly envVars?: string | undefined;
  /** Name of a template's stack. Default: that of `samconfig.toml`, else that of the template's directory. */
  readonly stackName?: string | undefined;
  /**
   * Directory of state, keys and builds. Default: `.wsgw` next to a config file, else in the user's cache
   * directory.
   */
  readonly stateDir?: string | undefined;
};

export type DefinitionOptions = ProjectSource &
  Pick<ConfigOptions, "inProcess" | "limits" | "runsHooks"> & {
    /** Variables of an env file, which a config file sees in `process.env` while it loads. */
    readonly environment?: Readonly<Record<string, string>> | undefined;
    /** Region of a template. Default: that of `samconfig.toml`, else of `regionFrom`, else `us-east-1`. */
    readonly region?: string | undefined;
    readonly regionFrom?: Readonly<Record<string, string | undefined>> | undefined;
    readonly accountId: string;
    /**
     * Whether a changed file caused another read: then a CDK app is synthesized and a Serverless service
     * packaged.
     */
    readonly isFollowing?: boolean;
    /** Receives a sentence about slow steps. */
    readonly report?: ((text: string) => void) | undefined;
    /** The id of an API, by the project's directory and the API's name. */
    readonly apiIdOf: (root: string, name: string) => string;
    /** Whether a role may allow an action on a resource. */
    readonly mayAllow: MayAllow;
  };

/** The file of a project, not read yet. */
export type FoundProject = FoundDefinition & {
  /** The contents of `samconfig.toml`, for a template that has one. */
  readonly sam?: SamConfig | undefined;
};

/**
 * Finds the file that defines a project. Throws CONFIG_NOT_FOUND, DEFINITION_AMBIGUOUS,
 * DEFINITION_UNSUPPORTED, and USAGE if both a config and a template are given.
 */
export async function findProject(source: ProjectSource): Promise<FoundProject> {
  const found = await findFile(source);
  if (found.kind !== "template") return found;
  return { ...found, sam: await samConfigIn(projectOf(found.file), source) };
}

/** Finds and reads the definition of a project as it is on disk now, in any format. */
export async function readDefinition(options: DefinitionOptions): Promise<LoadedDefinition> {
  const found = await findProject(options);
  return found.kind === "config" ? fromConfig(found.file, options) : fromFile(found, options);
}

async function findFile(source: ProjectSource): Promise<FoundDefinition> {
  const { cwd, config, template } = source;
  if (config !== undefined && template !== undefined) {
    throw new WsgwError(
      "USAGE",
      "A config file and a template cannot be combined. Pass one of them.",
    );
  }
  if (config !== undefined) return { kind: "config", file: resolve(cwd, config), remarks: [] };
  if (template !== undefined) {
    const file = named(cwd, template);
    return { kind: formOf(file), file, remarks: [] };
  }
  return findDefinition(cwd, async (directory) => {
    const sam = await samConfigIn(directory, source);
    const file = sam?.templateFile;
    return file !== undefined && existsSync(file)
      ? { file, by: basename(sam?.file ?? "") }
      : undefined;
  });
}

/** Lazy: it loads parsers of TOML and YAML. */
async function samConfigIn(
  directory: string,
  { configEnv }: ProjectSource,
): Promise<SamConfig | undefined> {
  if (!SAMCONFIG_NAMES.some((name) => existsSync(join(directory, name)))) return undefined;
  const { loadSamConfig } = await import("./sam/samconfig.ts");
  return loadSamConfig(directory, configEnv);
}

function named(cwd: string, template: string): string {
  const file = fileOf(resolve(cwd, template));
  const found = statSync(file, { throwIfNoEntry: false });
  if (found?.isFile() === true) return file;
  throw found === undefined
    ? new WsgwError("CONFIG_NOT_FOUND", `The template ${file} does not exist.`)
    : new WsgwError("CONFIG_UNREADABLE", `${file} is not a file.`);
}

/** A CDK assembly may be given by its directory. */
function fileOf(path: string): string {
  const manifest = join(path, "manifest.json");
  return isOfCdk(manifest) && existsSync(manifest) ? manifest : path;
}

/** Options for templates only, which would be ignored silently with a config file. */
const OF_TEMPLATES = {
  parameters: "--parameter-overrides",
  configEnv: "--config-env",
  envVars: "--env-vars",
} as const;

async function fromConfig(file: string, options: DefinitionOptions): Promise<LoadedDefinition> {
  const { cwd, stateDir } = options;
  const loaded = await loadConfig({ ...options, file });
  const state = stateDir === undefined ? stateNextTo(loaded.root) : resolve(cwd, stateDir);
  if (isFromTemplate(loaded.definition)) {
    return withTemplate({ ...loaded, definition: loaded.definition }, state, options);
  }
  for (const [name, option] of Object.entries(OF_TEMPLATES)) {
    if (options[name as keyof typeof OF_TEMPLATES] === undefined) continue;
    throw new WsgwError(
      "USAGE",
      `${option} works with a template, but ${file} is a config file. Omit it, or pass a template with --template.`,
    );
  }
  return {
    ...loaded,
    source: CONFIG_SOURCE,
    stateDir: state,
  };
}

/** A config file with `fromTemplate()`: the template's definition plus its additions. */
async function withTemplate(
  config: LoadedConfig & { readonly definition: TemplateDefinition },
  stateDir: string,
  options: DefinitionOptions,
): Promise<LoadedDefinition> {
  const { definition: additions, file } = config;
  const shownFile = relative(options.cwd, file) || basename(file);
  const reject = (faults: readonly Fault[]): void => {
    if (faults.length === 0) return;
    const { locate } = placesOf(additions);
    const lines = faults.map((fault) => {
      const place = locate(fault[0]);
      const at = place === undefined ? shownFile : `${shownFile}:${place.line}:${place.column}`;
      return `${at}: ${sentenceOf(fault)}`;
    });
    throw new WsgwError("CONFIG_INVALID", lines.join("\n"), { hint: TEMPLATE_HINT });
  };
  reject(faultsOfAdditions(additions));
  const template = named(config.root, additions.template);
  const kind = formOf(template);
  const sam = kind === "template" ? await samConfigIn(projectOf(template), options) : undefined;
  const found = { kind, file: template, remarks: [], sam };
  const read = await fromFile(found, { ...options, stateDir }, additions);
  const ofTemplate = read.definition as ProjectDefinition; // as its reader creates it
  const { definition, faults } = addTo(ofTemplate, additions, read.source.unserved);
  reject(faults);
  rememberPlaces(definition, placesOfBoth(ofTemplate, additions, shownFile));
  return { ...read, definition, file, inputs: [...config.inputs, ...read.inputs] };
}

/** The places of additions are in the config file, all others in the template. */
function placesOfBoth(template: object, additions: object, configFile: string): Places {
  const [ofTemplate, ofConfig] = [placesOf(template), placesOf(additions)];
  return {
    ...ofTemplate,
    locate(path) {
      const isAdded = path.reduce<unknown>(fieldOfPath, additions) !== undefined;
      const place = isAdded ? ofConfig.locate(path) : undefined;
      return place === undefined ? ofTemplate.locate(path) : { ...place, file: configFile };
    },
  };
}

function fieldOfPath(value: unknown, key: string | number): unknown {
  return fieldOf(value, String(key));
}

/** A template, or an equivalent file of another format. */
async function fromFile(
  { kind, file, remarks, sam }: FoundProject,
  options: DefinitionOptions,
  additions?: TemplateDefinition,
): Promise<LoadedDefinition> {
  const { cwd, envVars, accountId, apiIdOf, mayAllow } = options;
  const variables = envVars === undefined ? undefined : resolve(cwd, envVars);
  const stateDir =
    options.stateDir === undefined ? stateInCache(projectOf(file)) : resolve(cwd, options.stateDir);
  const { readTemplate } = await import("./cloudformation/read-template.ts"); // it loads a YAML parser
  const root = dirname(file);
  const values = chosenParameters({
    commandLine: given(options.parameters),
    samconfig: sam?.parameters,
    fromTemplate: additions?.parameters,
  });
  const app = kind === "cdk" ? await openApp(file, values, stateDir, options) : undefined;
  const service =
    kind === "serverless" ? await readService(file, values, stateDir, options) : undefined;
  const ownTool = service ?? packagedService(file);
  const place: TemplatePlace = {
    file,
    ...chosenPlace({ commandLine: options, ownTool, samconfig: sam }, options.regionFrom ?? {}),
    accountId,
    written: service?.written,
    ...app,
    parameters: service?.parameters ?? values,
    apiIdOf: (name) => apiIdOf(root, name),
  };
  const loaded = await readTemplate({
    ...(kind === "terraform" ? await asTerraform(place, options) : place),
    cwd: resolve(cwd),
    envVars: variables === undefined ? {} : loadEnvVars(variables),
    functions: additions?.functions,
    mayAllow,
    stateDir,
  });
  return {
    ...loaded,
    inputs: [
      ...(app?.inputs(loaded.inputs) ?? loaded.inputs),
      ...(sam === undefined ? [] : [sam.file]),
      ...(variables === undefined ? [] : [variables]),
    ],
    source: {
      ...loaded.source,
      remarks: [...remarks, ...((app ?? service)?.remarks ?? []), ...loaded.source.remarks],
    },
    stateDir,
  };
}

/** Lazy: loaded only for such projects. */
async function openApp(
  file: string,
  parameters: Readonly<Record<string, string>>,
  stateDir: string,
  options: DefinitionOptions,
): Promise<OpenedCdk> {
  const { openCdk } = await import("./cdk/read-cdk.ts");
  const { cwd, isFollowing = false } = options;
  return openCdk({ ...options, file, cwd: resolve(cwd), parameters, stateDir, isFollowing });
}

/** Lazy: loaded only for such projects. */
async function readService(
  file: string,
  given: Readonly<Record<string, string>>,
  stateDir: string,
  options: DefinitionOptions,
): Promise<ReadService> {
  const { readServerless } = await import("./serverless/read-serverless.ts");
  const { region, accountId, limits, report, isFollowing = false } = options;
  const environment = { ...process.env, ...options.environment };
  const place = { file, given, region, accountId, environment, stateDir };
  return readServerless({ ...place, limits, report, isFollowing });
}

type TemplatePlace = Omit<
  TemplateOptions,
  "cwd" | "envVars" | "functions" | "mayAllow" | "stateDir"
>;

/** A Terraform project in the region of its provider; its evaluator is loaded lazily. */
async function asTerraform(
  place: TemplatePlace,
  { region, regionFrom = {}, environment }: DefinitionOptions,
): Promise<TemplatePlace> {
  const { terraformProject } = await import("./terraform/read-terraform.ts");
  const { terraformTools } = await import("./terraform-tools.ts");
  const env = { ...process.env, ...environment }; // TF_VAR_… variables belong to the project
  const regionIn = (named: string | undefined) => regionFor(region, named, regionFrom);
  return terraformProject({ ...place, ...terraformTools, regionIn, env });
}

function given(
  parameters: Readonly<Record<string, string>> | readonly string[] = {},
): Readonly<Record<string, string>> {
  const { values, faults } = readOverrides(parameters);
  if (faults.length === 0) return values;
  throw new WsgwError("USAGE", faults.join("\n"), {
    hint: "Write --parameter-overrides NAME=VALUE, as for sam deploy.",
  });
}
