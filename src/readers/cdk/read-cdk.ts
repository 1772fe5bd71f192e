import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { regionFor } from "../../definition/region.ts";
import { WsgwError } from "../../errors.ts";
import type { TemplateOptions, WritingTools, WrittenOut } from "../cloudformation/read-template.ts";
import type { JsonObject, Origins } from "../cloudformation/rules/origins.ts";
import type { Report } from "../cloudformation/rules/report.ts";
import type { ReadyTemplate } from "../cloudformation/rules/stack.ts";
import { isObject } from "../cloudformation/rules/tree.ts";
import { hasWebSocketApi } from "../rules/websocket-template.ts";
import { isManifest, openApp } from "./app.ts";
import { type Assembly, type AssemblyStack, readAssembly } from "./assembly.ts";
import { AssetSources } from "./asset-sources.ts";
import { currentAssembly, remarksOf } from "./current-assembly.ts";
import { chosenStacks } from "./rules/assembly.ts";
import { localTemplate } from "./rules/local-template.ts";
import type { SynthOptions } from "./synth.ts";

export type CdkOptions = {
  /** A `cdk.json`, or the manifest of an assembly; absolute. */
  readonly file: string;
  readonly cwd: string;
  /** The selected stack, with its dependencies. Default: all stacks. */
  readonly stackName?: string | undefined;
  readonly region?: string | undefined;
  readonly regionFrom?: Readonly<Record<string, string | undefined>> | undefined;
  readonly accountId: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly stateDir: string;
  readonly isFollowing: boolean;
  readonly limits?: Pick<SynthOptions, "signal" | "limitMs"> | undefined;
  readonly report?: SynthOptions["report"];
};

/** An opened CDK app: options for the template reader, and messages. */
export type OpenedCdk = Pick<TemplateOptions, "stackName" | "region" | "accountId" | "written"> & {
  /** The input files, given those that were read. */
  inputs(read: readonly string[]): readonly string[];
  readonly remarks: readonly string[];
};

/** Opens a CDK app by its assembly from the last synthesis. */
export async function openCdk(options: CdkOptions): Promise<OpenedCdk> {
  const { file, cwd, region, regionFrom = {}, accountId } = options;
  if (isManifest(file)) {
    const assembly = readAssembly(dirname(file));
    return opened(assembly, undefined, options);
  }
  const app = openApp(file);
  if (app === undefined) {
    const message = `${relative(cwd, file)} is not a JSON object. Correct it.`;
    throw new WsgwError("CONFIG_INVALID", message);
  }
  const current = await currentAssembly(app, {
    ...options,
    ...options.limits,
    env: process.env,
    accountId,
    region: regionFor(region, undefined, regionFrom),
  });
  const sources = new AssetSources(app.directory, app.outputDirectory);
  return {
    ...opened(current.assembly, sources, options),
    inputs: (read) => [
      // what wsgw synthesized changes only with other inputs
      ...read.filter((each) => !each.startsWith(options.stateDir + sep)),
      ...current.sources.filter((each) => !sources.has(each)),
      ...["cdk.context.json", join(app.outputDirectory, "manifest.json")].map((each) =>
        resolve(app.directory, each),
      ),
    ],
    remarks: remarksOf(current, cwd),
  };
}

function opened(
  assembly: Assembly,
  sources: AssetSources | undefined,
  options: CdkOptions,
): OpenedCdk {
  const { region, regionFrom = {}, accountId } = options;
  const stacks = stacksIn(assembly, options.stackName);
  const main = mainOf(stacks);
  const place = {
    region: regionFor(region, main?.region, regionFrom),
    accountId: main?.accountId ?? accountId,
  };
  const [only, ...more] = stacks;
  return {
    ...(only !== undefined && more.length === 0 && { stackName: only.stackName }),
    ...place,
    written: new Written(assembly, stacks, options, place, sources),
    inputs: (read) => read,
    remarks: [],
  };
}

function stacksIn(assembly: Assembly, name: string | undefined): readonly AssemblyStack[] {
  const { stacks } = assembly;
  if (name === undefined) return stacks;
  const chosen = chosenStacks(stacks, name);
  if (chosen !== undefined) return chosen;
  const names = stacks.map((stack) => stack.stackName).join(", ");
  throw new WsgwError(
    "USAGE",
    `The app does not have the stack "${name}". Its stacks: ${names || "none"}.`,
  );
}

/** The stack with the WebSocket API: its region and account become the project's. */
function mainOf(stacks: readonly AssemblyStack[]): AssemblyStack | undefined {
  // a missing template is reported when it is read
  const has = ({ file }: AssemblyStack) =>
    existsSync(file) && hasWebSocketApi(readFileSync(file, "utf8"));
  return stacks.find(has) ?? stacks.find(({ region }) => region !== undefined);
}

/**
 * An app as one template. Its nested stacks are those of the app, each with its own name, region and account.
 */
class Written implements WrittenOut {
  readonly kind = "cdk";
  readonly #assembly: Assembly;
  readonly #stacks: readonly AssemblyStack[];
  readonly #options: CdkOptions;
  readonly #place: { readonly region: string; readonly accountId: string };
  readonly #sources: AssetSources | undefined;
  /** The stack of each API, by the API's name. */
  readonly #apis = new Map<string, string>();

  constructor(
    assembly: Assembly,
    stacks: readonly AssemblyStack[],
    options: CdkOptions,
    place: { readonly region: string; readonly accountId: string },
    sources: AssetSources | undefined,
  ) {
    this.#sources = sources;
    this.#assembly = assembly;
    this.#stacks = stacks;
    this.#options = options;
    this.#place = place;
  }

  async template({ inputs }: WritingTools): Promise<JsonObject> {
    for (const file of this.#assembly.files) inputs.add(file);
    const resources = this.#stacks.map(({ id, file, parameters }) => {
      const given = { ...parameters, ...this.#options.parameters };
      const properties = { TemplateURL: file, Parameters: given };
      return [id, { Type: "AWS::CloudFormation::Stack", Properties: properties }] as const;
    });
    return { Resources: Object.fromEntries(resources) };
  }

  /** The same API in two stacks usually means two stages, of which the user must select one. */
  #noteApis(sections: JsonObject, stackName: string, origins: Origins, report: Report): void {
    for (const [name, properties] of apisIn(sections)) {
      const other = this.#apis.get(name);
      this.#apis.set(name, other ?? stackName);
      if (other === undefined || other === stackName) continue;
      const problem = `the stacks ${other} and ${stackName} both have the API ${name}. Choose one: --stack-name ${stackName}`;
      report({ severity: "error", origin: origins.of(properties, "Name"), problem });
    }
  }

  opened(template: ReadyTemplate, { origins, report }: WritingTools): ReadyTemplate {
    const directory = dirname(template.file);
    const own = this.#stacks.find(({ file }) => file === template.file);
    const nestedIn = this.#stacks.find((stack) => isNestedIn(template.file, stack));
    const stack = own ?? nestedIn;
    const sourceOf = (asset: string, handler: string | undefined) =>
      this.#sources?.find(resolve(directory, asset), handler);
    const assets = { byKey: stack?.assets ?? new Map<string, string>(), sourceOf };
    const sections = localTemplate(template.sections, assets, origins);
    if (stack === undefined) return { ...template, sections };
    this.#noteApis(sections, stack.stackName, origins, report);
    const { stackName, region = this.#place.region, accountId = this.#place.accountId } = stack;
    const place = { region, accountId };
    if (own === undefined) {
      const name = nestedName(template.file, stack);
      const deployedAs = { stackName: `${stackName}-${name}`, ...place };
      return { ...template, sections, deployedAs, prefix: [name] };
    }
    const prefix = this.#stacks.length === 1 ? { prefix: [] } : {};
    return { ...template, sections, deployedAs: { stackName, ...place }, ...prefix };
  }
}

/** The names of the WebSocket APIs in a template, with their resources. */
function apisIn({ Resources: resources }: JsonObject): readonly (readonly [string, JsonObject])[] {
  return Object.values(isObject(resources) ? resources : {}).flatMap((resource) => {
    const properties = isObject(resource) ? resource.Properties : undefined;
    if (!isObject(properties) || properties.ProtocolType !== "WEBSOCKET") return [];
    return [[JSON.stringify(properties.Name), properties] as const];
  });
}

/** File names of nested stacks contain their construct path, which begins with their stack. */
function isNestedIn(file: string, stack: AssemblyStack): boolean {
  return dirname(file) === dirname(stack.file) && basename(file).startsWith(pathOf(stack));
}

function nestedName(file: string, stack: AssemblyStack): string {
  return basename(file)
    .slice(pathOf(stack).length)
    .replace(/\.nested\.template\.json$/, "");
}

/** Ids of stacks in stages end in a hash. */
function pathOf({ id }: AssemblyStack): string {
  return id.replace(/[^A-Za-z0-9]|[0-9A-F]{8}$/g, "");
}
