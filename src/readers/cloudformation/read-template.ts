import { existsSync } from "node:fs";
import { basename, dirname, relative, resolve, sep } from "node:path";
import { TEMPLATE_HINT } from "../../definition/faults.ts";
import type { TemplateDefinition } from "../../definition/from-template.ts";
import type { FunctionDefinition, TableDefinition } from "../../definition/parts.ts";
import { rememberPlaces } from "../../definition/places.ts";
import { familyOf } from "../../definition/runtimes.ts";
import type { ProjectDefinition } from "../../definition/written.ts";
import { WsgwError } from "../../errors.ts";
import { mapValues } from "../../values/map-values.ts";
import type { DefinitionSource, LoadedDefinition, NotServed } from "../loaded-definition.ts";
import type { UnservedFunction } from "../rules/code-elsewhere.ts";
import { envVarsOf } from "../sam/env-vars.ts";
import {
  type BuildProperties,
  handlerOfEntry,
  readBuildProperties,
} from "../sam/rules/build-properties.ts";
import { expandSam, isSam } from "../sam/rules/expand.ts";
import { readTextFile } from "../text-file.ts";
import { includeFiles } from "./include.ts";
import { functionNamed } from "./rules/function-names.ts";
import { isFunction, readFunction, type TemplateFunction } from "./rules/functions.ts";
import { readHttpApis } from "./rules/http-apis.ts";
import { ignoredResources } from "./rules/ignored-resources.ts";
import { Evaluator } from "./rules/intrinsic-functions.ts";
import {
  alikeDenied,
  type DeniedCall,
  denialOf,
  type GatewayCall,
  type Grants,
  type MayAllow,
  withAliases,
  withDenials,
  withRoles,
} from "./rules/invoke-permission.ts";
import { expandLoops, hasTransform } from "./rules/language-extensions.ts";
import { type Json, type JsonObject, type Origin, Origins } from "./rules/origins.ts";
import { parameterValues } from "./rules/parameters.ts";
import { TemplatePlaces } from "./rules/places.ts";
import { type Finding, inOrder, isSameLack, type Report, sentenceOf } from "./rules/report.ts";
import { stackNameOf } from "./rules/resource-values.ts";
import {
  evaluatePolicies,
  evaluateRole,
  onlyOnAws,
  readPermissions,
  readRoles,
  type TemplateRoles,
} from "./rules/role-permissions.ts";
import {
  type NestedTemplate,
  pseudoParameters,
  type ReadyTemplate,
  type Resource,
  Stack,
  secretIn,
  textOf,
} from "./rules/stack.ts";
import { readTables, readUnservedOfTables } from "./rules/tables.ts";
import { isObject } from "./rules/tree.ts";
import { readTriggers } from "./rules/triggers.ts";
import { readUsage } from "./rules/usage-plans.ts";
import { isWebSocketApi, readApis } from "./rules/web-socket-apis.ts";
import { locateCode, locateLayer } from "./sources-or-sam-build.ts";
import { parseTemplate } from "./template-file.ts";

export type TemplateOptions = {
  /** Absolute. */
  readonly file: string;
  /** The directory to which paths in messages are relative. */
  readonly cwd: string;
  /** Name of the stack; default: that of the template's directory. */
  readonly stackName?: string | undefined;
  readonly region: string;
  readonly accountId: string;
  /** Values of parameters by name, from samconfig.toml and the command line. */
  readonly parameters: Readonly<Record<string, string>>;
  /** SAM's `--env-vars`: variables by function (its logical or physical name), `Parameters` for all. */
  readonly envVars: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The functions in `fromTemplate()`, by logical id. */
  readonly functions?: TemplateDefinition["functions"];
  /** The local id of an API, by its name. */
  readonly apiIdOf: (name: string) => string;
  /** Whether a role may allow an action on a resource. */
  readonly mayAllow: MayAllow;
  /** The project's state directory, for unpacked code. */
  readonly stateDir: string;
  /** Converts a file of another format. Default: the file itself is the template. */
  readonly written?: WrittenOut | undefined;
};

/** A project of another format, converted to an equivalent CloudFormation template. */
export type WrittenOut = {
  readonly kind: Exclude<DefinitionSource["kind"], "config" | "cloudformation" | "sam">;
  /** The places of what was read before, if any. */
  readonly origins?: Origins;
  /** The template; undefined if errors prevent it. Notes the places of values and the input files. */
  template(tools: WritingTools): Promise<JsonObject | undefined>;
  /** Processes the templates that are nested in it. */
  opened?(template: ReadyTemplate, tools: WritingTools): ReadyTemplate;
};

export type WritingTools = {
  readonly origins: Origins;
  readonly report: Report;
  readonly inputs: { add(file: string): void };
  /** Marks that a part of the project is unknown and may grant permissions that nothing known grants. */
  readonly leaveOpen: () => void;
};

/**
 * Reads a CloudFormation or SAM template, or another format as an equivalent one. Throws CONFIG_INVALID with
 * all errors in it.
 */
export async function readTemplate(
  options: TemplateOptions,
): Promise<Omit<LoadedDefinition, "stateDir">> {
  return new TemplateReader(options).read();
}

/** `arn:aws:lambda:us-east-1:123456789012:layer:common:3` */
const LAYER = /:layer:([^:]+):\d+$/;

class TemplateReader {
  readonly #options: TemplateOptions;
  readonly #root: string;
  readonly #origins: Origins;
  readonly #findings: Finding[] = [];
  readonly #inputs = new Set<string>();
  readonly #notServed: NotServed[] = [];
  readonly #failsOnAws: string[] = [];
  readonly #places = new TemplatePlaces();
  readonly #madeUp = new Set<string>();
  readonly #directories: Record<string, string> = {};
  /**
   * Whether policies are being read: their errors are recorded in the policy, because one statement affects
   * only some calls.
   */
  #readsPolicies = false;
  #isSam = false;
  /** Whether the whole stack is known: macros and remote templates may add to it. */
  #isWhole = true;

  constructor(options: TemplateOptions) {
    this.#options = options;
    this.#origins = options.written?.origins ?? new Origins();
    this.#root = dirname(options.file);
  }

  async read(): Promise<Omit<LoadedDefinition, "stateDir">> {
    const { file, region, accountId, apiIdOf, parameters, written } = this.#options;
    const template = written
      ? await this.#openWritten(file, written)
      : this.#open(file, parameters);
    if (template === undefined) throw this.#invalid();
    const name = this.#stackName();
    const stack = new Stack(
      template,
      { stackName: name, region, accountId, apiIdOf },
      {
        origins: this.#origins,
        report: this.#report,
        given: parameters,
        madeUp: this.#madeUp,
        nested: (nested) => this.#openNested(nested),
        standIn: (problem) => (this.#readsPolicies ? onlyOnAws(problem) : undefined),
      },
    );
    const resources = stack.all();
    const functions = resources.filter(isFunction).map((resource) => {
      const isRun = this.#options.functions?.[resource.key]?.command !== undefined;
      return readFunction(resource, isRun, this.#places, this.#report);
    });
    const served = this.#locate(functions, resources);
    const keys = new Map(functions.map((fn) => [fn.name, fn.resource.key]));
    const unserved = this.#unserved(functions);
    const calls: GatewayCall[] = [];
    const [places, report, notServed] = [this.#places, this.#report, this.#noteNotServed];
    const webSockets = resources.filter(isWebSocketApi);
    const usage = readUsage(resources, webSockets, { places, report, notServed });
    const definition: ProjectDefinition = {
      name,
      region,
      accountId,
      apis: readApis(resources, {
        functions: new Map([...keys].filter(([, key]) => Object.hasOwn(served, key))),
        unserved: new Map(unserved.map(({ name, why }) => [name, why])),
        places,
        origins: this.#origins,
        report,
        usage,
        notServed,
        calls: (call) => calls.push(call),
      }),
      ...(Object.keys(usage.usagePlans).length > 0 && usage),
      functions: served,
      tables: usedBy(served, readTables(resources, this.#places, this.#report)),
    };
    if (this.#findings.some(({ severity }) => severity === "error")) throw this.#invalid();
    const roles = this.#readRoles(resources);
    const whole = {
      ...definition,
      functions: withAliases(withPermissions(served, resources, roles), calls, keys),
      apis: this.#withRoles(this.#withDenials(definition.apis, calls, { resources, roles }), roles),
    };
    rememberPlaces(
      whole,
      this.#places.asPlaces((each) => this.#shownFile(each)),
    );
    const findFunction = (text: string): string | undefined => keys.get(functionNamed(text) ?? "");
    const httpApis = readHttpApis(resources, findFunction, this.#report);
    const unservedTables = readUnservedOfTables(resources);
    return {
      definition: whole,
      file,
      root: this.#root,
      inputs: [...this.#inputs],
      source: {
        kind: written?.kind ?? (this.#isSam ? "sam" : "cloudformation"),
        remarks: [...this.#warnings(), ignoredResources(resources) ?? []].flat(),
        triggers: readTriggers(resources, findFunction),
        httpApis,
        ...(unservedTables.length > 0 && { tables: unservedTables }),
        ...(Object.keys(this.#directories).length > 0 && { directories: this.#directories }),
        notServed: this.#notServed,
        ...(this.#failsOnAws.length > 0 && { failsOnAws: this.#failsOnAws }),
        unserved,
      },
    };
  }

  /** Roles are read last: their errors never prevent a template from being served. */
  #readRoles(resources: readonly Resource[]): TemplateRoles {
    const problems = new Map<string, string>();
    const before = this.#findings.length;
    for (const resource of resources) {
      evaluateRole(resource);
      const [finding] = this.#findings.splice(before);
      if (finding !== undefined) problems.set(resource.key, finding.problem.replace(/\.$/, ""));
    }
    this.#readsPolicies = true;
    for (const resource of resources) evaluatePolicies(resource);
    this.#readsPolicies = false;
    this.#findings.splice(before);
    return readRoles(resources, { madeUp: this.#madeUp, problems });
  }

  /** Adds the permissions of integrations' roles; reports roles that cannot be assumed. */
  #withRoles(apis: ProjectDefinition["apis"], roles: TemplateRoles): ProjectDefinition["apis"] {
    const before = this.#findings.length;
    const denied: (readonly [api: string, routeKey: string, denied: string])[] = [];
    const known = withRoles(apis, roles, (...each) => denied.push(each));
    this.#findings.splice(before);
    for (const [api, routeKey, why] of denied) {
      this.#noteNotServed("integration", `route ${routeKey} of ${api}`, undefined, why);
    }
    return known;
  }

  /**
   * Functions that API Gateway may not invoke, if the template is complete about permissions. In SAM that is
   * only a warning: SAM creates most permissions.
   */
  #withDenials(
    apis: ProjectDefinition["apis"],
    calls: readonly GatewayCall[],
    { resources, roles }: Pick<Grants, "resources" | "roles">,
  ): ProjectDefinition["apis"] {
    if (!this.#isWhole) return apis;
    const before = this.#findings.length;
    const { mayAllow } = this.#options;
    const grants = { resources, roles, mayAllow, madeUp: this.#madeUp };
    const denied = calls.flatMap((call) => {
      const denial = denialOf(call, grants);
      return denial === undefined ? [] : [{ ...call, denial }];
    });
    this.#findings.splice(before); // as for roles, what is wrong with permissions keeps nothing from being served
    for (const group of alikeDenied(denied)) this.#noteDenied(group, calls);
    return this.#isSam ? apis : withDenials(apis, denied);
  }

  #noteDenied(denied: readonly DeniedCall[], calls: readonly GatewayCall[]): void {
    const [first] = denied;
    if (first === undefined) return;
    const { api, caller, functionName, denial } = first;
    const { why, add } = denial;
    const names = [...new Set(denied.map(({ name }) => name))];
    const what = first.of === "authorizers" ? "authorizer" : "route";
    const stages = onlyStages(denied, calls);
    const of = `${what}${names.length === 1 ? "" : "s"} ${names.join(", ")} of ${api.key}${stages}`;
    const so =
      first.of === "authorizers"
        ? "so no client can connect"
        : 'so its calls fail with "Internal server error"';
    const name = `function ${functionName}`;
    if (this.#isSam) {
      const problem = `on AWS the ${name} ${why}, ${so}: ${of}. ${add}`;
      const finding: Finding = { severity: "warning", origin: caller.origin(), problem };
      this.#report(finding);
      this.#failsOnAws.push(this.#sentence(finding));
    } else this.#noteNotServed(name, of, caller.origin(), `${why}, ${so}`, add);
  }

  readonly #report = (finding: Finding): void => {
    const { missing } = finding;
    const isKnown =
      missing !== undefined && this.#findings.some((known) => isSameLack(known, finding));
    if (!isKnown) this.#findings.push(finding);
  };

  readonly #noteNotServed = (
    what: string,
    of: string,
    origin: Origin | undefined,
    why?: string,
    add?: string,
  ): void => {
    this.#notServed.push({
      what,
      ...(why !== undefined && { why }),
      of,
      at: origin && this.#shown(origin),
      ...(add !== undefined && { add }),
    });
  };

  #shown({ file, line, column }: Origin): string {
    return `${this.#shownFile(file)}:${line}:${column}`;
  }

  #shownFile(file: string): string {
    return relative(this.#options.cwd, file) || basename(file);
  }

  #invalid(): WsgwError {
    const message = this.#sentences("error").join("\n");
    return new WsgwError("CONFIG_INVALID", message, { hint: TEMPLATE_HINT });
  }

  #warnings(): readonly string[] {
    return this.#sentences("warning");
  }

  #sentences(severity: Finding["severity"]): readonly string[] {
    const chosen = this.#findings.filter((finding) => finding.severity === severity);
    return [...new Set(inOrder(chosen).map((finding) => this.#sentence(finding)))];
  }

  #sentence(finding: Finding): string {
    return sentenceOf(finding, finding.origin && this.#shown(finding.origin));
  }

  #stackName(): string {
    return stackNameOf(this.#options.stackName ?? basename(this.#root));
  }

  #open(file: string, given: Readonly<Record<string, string>>): ReadyTemplate | undefined {
    this.#inputs.add(file);
    const [origins, report] = [this.#origins, this.#report];
    const text = readTextFile(file, "CONFIG_UNREADABLE");
    const parsed = parseTemplate(text, file, origins, report);
    if (parsed === undefined) return undefined;
    const evaluate = this.#valuesWithoutResources(parsed, given);
    const included = includeFiles(parsed, { file, root: this.#root, evaluate }, origins, report);
    for (const input of included.files) this.#inputs.add(input);
    const plain = hasTransform(included.template, "AWS::LanguageExtensions")
      ? expandLoops(included.template, evaluate, origins, report)
      : included.template;
    this.#isSam ||= isSam(plain);
    this.#isWhole &&= hasKnownTransforms(plain);
    const ready = { file, sections: expandSam(plain, { origins, report }) };
    const { written } = this.#options;
    return written?.opened?.(ready, this.#tools()) ?? ready;
  }

  async #openWritten(file: string, written: WrittenOut): Promise<ReadyTemplate | undefined> {
    this.#inputs.add(file);
    const sections = await written.template(this.#tools());
    return sections && { file, sections };
  }

  #tools(): WritingTools {
    return {
      origins: this.#origins,
      report: this.#report,
      inputs: this.#inputs,
      leaveOpen: () => {
        this.#isWhole = false;
      },
    };
  }

  /** A scope for transforms, which run before resources exist. */
  #valuesWithoutResources(template: JsonObject, given: Readonly<Record<string, string>>) {
    const evaluator = new Evaluator(
      {
        template,
        pseudo: pseudoParameters({ ...this.#options, stackName: this.#stackName() }),
        // its errors are reported when the stack is created
        parameters: parameterValues(template, given, this.#origins, () => {}),
        resource: () => undefined,
        importValue: () => undefined,
        secret: (reference) => secretIn(given, reference),
      },
      this.#origins,
      this.#report,
    );
    return (node: Json) => evaluator.value(node);
  }

  #openNested({ url, from, given, origin }: NestedTemplate): ReadyTemplate | undefined {
    const file = resolve(dirname(from), url);
    if (/^https?:/.test(url) || !existsSync(file)) {
      const problem = /^https?:/.test(url)
        ? `the nested stack's template ${url} is not on this machine, so its resources are ignored.`
        : `the nested stack's template ${url} does not exist. Correct the path.`;
      this.#isWhole = false;
      this.#report({ severity: /^https?:/.test(url) ? "warning" : "error", origin, problem });
      return undefined;
    }
    return this.#open(file, given);
  }

  /** The definitions of the functions with local code. */
  #locate(
    functions: readonly TemplateFunction[],
    resources: readonly Resource[],
  ): Readonly<Record<string, FunctionDefinition>> {
    const located = functions.flatMap((fn): readonly (readonly [string, FunctionDefinition])[] => {
      if ("unserved" in fn) return [];
      const { resource, name, definition } = fn;
      const { handler, runtime = "" } = definition;
      const given = this.#options.functions?.[resource.key]?.root;
      const properties = readBuildProperties(resource.attribute("Metadata"));
      const ownHandler = handlerOfEntry(handler, properties?.entryPoints ?? []);
      const code =
        given === undefined
          ? locateCode(
              resource,
              {
                handler,
                ownHandler,
                runtime,
                needsBuild: (properties?.unhonoured ?? []).length > 0,
              },
              this.#options.stateDir,
            )
          : ({ kind: "found", directory: resolve(this.#root, given), inputs: [] } as const);
      for (const input of code.inputs) this.#inputs.add(input);
      if (code.kind === "elsewhere") {
        this.#elsewhere.set(name, code);
        return [];
      }
      // the output of SAM's build is built as configured
      const build = code.directory.includes(`${sep}.aws-sam${sep}`) ? undefined : properties;
      for (const name of build?.unhonoured ?? []) {
        this.#noteNotServed(`BuildProperties ${name}`, resource.key, resource.origin(), ONLY_SAM);
      }
      if ("isOutdated" in code && code.isOutdated)
        this.#warnOfOutdated(resource, "Code", code.directory);
      const ofFile = envVarsOf(this.#options.envVars, [resource.key, name]);
      const environment = { ...definition.environment, ...ofFile };
      const layers = this.#layersOf(resource, resources);
      const root = this.#fromRoot(code.directory);
      if ("from" in code && code.from === "template") {
        const origin = resource.origin("Code");
        this.#directories[root] =
          `the inline code at ${origin ? this.#shown(origin) : resource.key}`;
      } else if ("from" in code && code.from !== undefined)
        this.#directories[root] = code.from.file;
      return [
        [
          resource.key,
          {
            ...definition,
            environment,
            ...(build && familyOf(runtime) === "node" && builtBy(build, ownHandler)),
            // an executable's handler contains no directory if the code's directory is set
            ...(familyOf(runtime) === "executable" && { code: "." }),
            ...(root !== "." && { root }),
            ...(layers.length > 0 && { layers }),
          },
        ],
      ];
    });
    return Object.fromEntries(located);
  }

  /** Why functions without local code are not served, by name. */
  readonly #elsewhere = new Map<string, Pick<UnservedFunction, "why" | "isInS3">>();

  #unserved(functions: readonly TemplateFunction[]): readonly UnservedFunction[] {
    return functions.flatMap((fn) => {
      const { name, resource } = fn;
      const { why, isInS3 = false } =
        "unserved" in fn ? { why: fn.unserved } : (this.#elsewhere.get(name) ?? {});
      return why === undefined ? [] : [{ key: resource.key, name, why, isInS3 }];
    });
  }

  #layersOf(resource: Resource, resources: readonly Resource[]): readonly string[] {
    const layers = resource.property("Layers");
    return (Array.isArray(layers) ? layers : []).flatMap((layer) => {
      const arn = textOf(layer) ?? "";
      const own = resources.find(
        (each) => each.type === "AWS::Lambda::LayerVersion" && each.value() === arn,
      );
      const content = own === undefined ? undefined : locateLayer(own, this.#options.stateDir);
      if (own !== undefined && content?.kind === "found") {
        for (const input of content.inputs) this.#inputs.add(input);
        if (content.isOutdated) this.#warnOfOutdated(own, "Content", content.directory);
        const directory = this.#fromRoot(content.directory);
        const shown = typeof content.from === "object" ? content.from.file : directory;
        this.#directories[directory] = `${own.key} (${shown})`;
        return [directory];
      }
      const why = content?.kind === "elsewhere" ? content.why : "is not in the template";
      const called = own?.key ?? LAYER.exec(arn)?.[1] ?? arn;
      this.#noteNotServed(`layer ${called}`, resource.key, resource.origin("Layers"), why);
      return [];
    });
  }

  #warnOfOutdated(resource: Resource, property: string, built: string): void {
    const problem = `the files of ${resource.key} are newer than ${this.#shownFile(built)}, which wsgw uses. Run sam build.`;
    this.#report({ severity: "warning", origin: resource.origin(property), problem });
  }

  /** A path in the form that definitions use. */
  #fromRoot(directory: string): string {
    return relative(this.#root, directory).replaceAll("\\", "/") || ".";
  }
}

/** Ends a sentence that begins with a property of a build. */
const ONLY_SAM = "is not one of wsgw's (run sam build, and wsgw runs what that wrote)";

const KNOWN_TRANSFORMS = ["AWS::LanguageExtensions", "AWS::Include", "AWS::Serverless-2016-10-31"];

function hasKnownTransforms({ Transform: transform = [] }: JsonObject): boolean {
  return [transform].flat().every((each) => {
    const name = isObject(each) ? each.Name : each;
    return KNOWN_TRANSFORMS.some((known) => known === name);
  });
}

/** The stages of an API for which calls are denied, in words; empty where all of them are. */
function onlyStages(denied: readonly DeniedCall[], calls: readonly GatewayCall[]): string {
  const stagesOf = (some: readonly GatewayCall[]) =>
    new Set(some.flatMap(({ stage }) => stage ?? []));
  const stages = stagesOf(denied);
  const all = stagesOf(calls.filter(({ api }) => api === denied[0]?.api));
  if (stages.size === 0 || stages.size === all.size) return "";
  return ` on the stage${stages.size === 1 ? "" : "s"} ${[...stages].join(", ")}`;
}

/** The functions with what their roles allow. */
function withPermissions(
  functions: Readonly<Record<string, FunctionDefinition>>,
  resources: readonly Resource[],
  roles: TemplateRoles,
): Readonly<Record<string, FunctionDefinition>> {
  const byKey = new Map(resources.map((resource) => [resource.key, resource]));
  return mapValues(functions, (fn, key) => {
    const resource = byKey.get(key);
    const permissions = resource && readPermissions(resource, roles);
    return { ...fn, ...(permissions !== undefined && { permissions }) };
  });
}

/** The fields of a function for esbuild. */
function builtBy({ build }: BuildProperties, handler: string) {
  return { handler, ...(Object.keys(build).length > 0 && { build }) };
}

/** The tables with the functions whose variables contain their names. */
function usedBy(
  functions: Readonly<Record<string, FunctionDefinition>>,
  tables: Readonly<Record<string, TableDefinition>>,
): Readonly<Record<string, TableDefinition>> {
  const using = ({ name }: TableDefinition) =>
    Object.entries(functions)
      .filter(([, { environment = {} }]) =>
        Object.values(environment).some(
          (value) =>
            value === name || (typeof value === "string" && value.endsWith(`:table/${name}`)),
        ),
      )
      .map(([key]) => key);
  return mapValues(tables, (table) => ({ ...table, functions: using(table) }));
}
