import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { regionFor } from "../../definition/region.ts";
import { WsgwError } from "../../errors.ts";
import type { TemplateOptions, WritingTools, WrittenOut } from "../cloudformation/read-template.ts";
import type { JsonObject } from "../cloudformation/rules/origins.ts";
import type { ReadyTemplate } from "../cloudformation/rules/stack.ts";
import { hasWebSocketApi } from "../rules/websocket-template.ts";
import { isManifest, openApp } from "./app.ts";
import { type Assembly, type AssemblyStack, readAssembly } from "./assembly.ts";
import { AssetSources } from "./asset-sources.ts";
import { currentAssembly, remarksOf } from "./current-assembly.ts";
import { chosenStacks } from "./rules/chosen-stacks.ts";
import { withLocalAssets } from "./rules/local-assets.ts";
import { withoutOwnAdditions } from "./rules/own-additions.ts";
import { projectPlace } from "./rules/project-region.ts";
import { SameApi } from "./rules/same-api.ts";
import { nestedName, stackPrefix } from "./rules/stack-prefix.ts";
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
  const stacks = stacksIn(assembly, options.stackName);
  // a missing template is reported when it is read
  const hasApi = ({ file }: AssemblyStack) =>
    existsSync(file) && hasWebSocketApi(readFileSync(file, "utf8"));
  const place = projectPlace(stacks, hasApi, options);
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
  readonly #sameApi = new SameApi();

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

  opened(template: ReadyTemplate, tools: WritingTools): ReadyTemplate {
    const directory = dirname(template.file);
    const { stack, nested } = this.#stackOf(template.file) ?? {};
    const sourceOf = (asset: string, handler: string | undefined) =>
      this.#sources?.find(resolve(directory, asset), handler);
    const assets = { byKey: stack?.assets ?? new Map<string, string>(), sourceOf };
    const own = withoutOwnAdditions(template.sections, tools.origins);
    const sections = withLocalAssets(own, assets, tools.origins);
    if (stack === undefined) return { ...template, sections };
    this.#sameApi.check(sections, stack.stackName, tools);
    const { region = this.#place.region, accountId = this.#place.accountId } = stack;
    const stackName = nested === undefined ? stack.stackName : `${stack.stackName}-${nested}`;
    return {
      ...template,
      sections,
      deployedAs: { stackName, region, accountId },
      prefix: stackPrefix(stack, nested, this.#stacks),
    };
  }

  /** The stack of a template; for one that is nested in it, also that template's name. */
  #stackOf(file: string) {
    const own = this.#stacks.find((stack) => stack.file === file);
    if (own !== undefined) return { stack: own, nested: undefined };
    const [nearest] = this.#stacks
      .filter((stack) => dirname(stack.file) === dirname(file))
      .flatMap((stack) => {
        const nested = nestedName(basename(file), stack);
        return nested === undefined ? [] : [{ stack, nested }];
      })
      // of `Chat` and `ChatData`, both of which such a file name may begin with
      .sort((one, other) => one.nested.length - other.nested.length);
    return nearest;
  }
}
