import { readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join, relative, resolve } from "node:path";
import { filesBelow, isDirectory, namesIn } from "../../bundle/directory-files.ts";
import { fieldOf, parseJson, stringIn } from "../../values/json.ts";
import type { WritingTools } from "../cloudformation/read-template.ts";
import type { Origin } from "../cloudformation/rules/origins.ts";
import type { Place } from "./rules/computed.ts";
import { evaluate } from "./rules/evaluate-hcl.ts";
import type { FunctionContext } from "./rules/functions.ts";
import { type Body, type Expression, HclFault } from "./rules/hcl-syntax.ts";
import { KeyBook } from "./rules/keys.ts";
import { knownModule } from "./rules/known-modules.ts";
import { Module, type ModuleCall, type OpenedModule, type SourceFile } from "./rules/module.ts";
import { withOverrides } from "./rules/overrides.ts";
import { parseExpression, parseHcl } from "./rules/parse-hcl.ts";
import { parseHclJson } from "./rules/parse-hcl-json.ts";
import { isOfTofu, isSourceFile, SOURCE_PATTERNS } from "./rules/terraform-files.ts";
import {
  Attributed,
  ELSEWHERE,
  type Entries,
  isEntries,
  textOf,
  type Value,
  ValueFault,
} from "./rules/values.ts";
import { takesText } from "./rules/variable-types.ts";
import type { WrittenResource } from "./rules/written-resource.ts";

export type ProjectOptions = {
  /** A file of the project; absolute. All files in its directory belong to the project. */
  readonly file: string;
  readonly place: Place;
  /** Values of variables by name, from the command line. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Environment variables: `TF_VAR_…` belong to the project. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Values of variables that take precedence over all others. */
  readonly variables?: Entries;
  /** Parses YAML. */
  readonly parseYaml: (text: string) => Value;
};

/** More evaluation steps than any project needs. */
const MOST_STEPS = 1_000_000;
const LARGEST_FILE = 5_000_000;

/** Opens the Terraform or OpenTofu project in a directory: its root module, with lazily evaluated values. */
export function openTerraform(options: ProjectOptions, tools: WritingTools): Module | undefined {
  return new ProjectOpener(options, tools).root();
}

class ProjectOpener {
  readonly #options: ProjectOptions;
  readonly #tools: WritingTools;
  readonly #root: string;
  readonly #context: FunctionContext;
  readonly #reported = new Set<string>();
  /** Outputs of other projects, by the addresses of their data sources. */
  readonly #outputs = new Map<string, Attributed>();
  #isFaulty = false;

  constructor(options: ProjectOptions, tools: WritingTools) {
    this.#options = options;
    this.#tools = tools;
    this.#root = dirname(options.file);
    let steps = 0;
    this.#context = {
      root: this.#root,
      paths: {
        absolute: (path) => resolve(this.#root, path),
        expanded: (path) => path.replace(/^~(?=\/|$)/, homedir()),
        basename: (path) => basename(path),
        dirname: (path) => dirname(path),
      },
      read: (file) => this.#read(file),
      filesBelow: (directory) =>
        filesBelow(directory).map((file) => relative(directory, file).replaceAll("\\", "/")),
      yaml: options.parseYaml,
      count: () => {
        steps += 1;
        if (steps > MOST_STEPS)
          throw new ValueFault(
            "the project is too large for wsgw to evaluate. Pass a plan with -t plan.json.",
          );
      },
    };
  }

  root(): Module | undefined {
    const files = this.#sourcesIn(this.#root);
    const given = this.#givenValues();
    if (this.#isFaulty) return undefined;
    return new Module(
      {
        files,
        directory: this.#root,
        isBuiltIn: false,
        path: [],
        names: [],
        address: "",
        input: (name, type) => given(name, type),
      },
      {
        context: this.#context,
        keys: new KeyBook(),
        fault: (fault, severity) => this.#report(fault, severity),
        open: (call) => this.#open(call),
        surroundings: {
          place: this.#options.place,
          workspace: this.#workspace(),
          shown: (directory) => relative(this.#root, directory).replaceAll("\\", "/") || ".",
          noValue: (name, modules) => noValue(name, modules),
          madeUp: (label) => new MadeUp(label),
          remoteOutputs: (data) => this.#remoteOutputs(data),
        },
      },
    );
  }

  #read(file: string): Buffer | undefined {
    const found = statSync(file, { throwIfNoEntry: false });
    if (found?.isFile() !== true || found.size > LARGEST_FILE) return undefined;
    this.#tools.inputs.add(file);
    return readFileSync(file);
  }

  #report(fault: HclFault, severity: "error" | "warning", file = fault.file): void {
    const { line, column } = fault.place;
    const at = `${file}:${line}:${column}`;
    if (this.#reported.has(at)) return;
    this.#reported.add(at);
    const origin = file === undefined ? undefined : { file, line, column, path: [] };
    this.#tools.report({ severity, origin, problem: fault.message });
    if (severity === "error") this.#isFaulty = true;
  }

  #parsed<T>(file: string, read: (text: string) => T): T | undefined {
    try {
      return read(
        this.#read(file)
          ?.toString("utf8")
          .replace(/^\uFEFF/, "") ?? "",
      );
    } catch (error) {
      if (!(error instanceof HclFault)) throw error;
      this.#report(error, "error", file);
      return undefined;
    }
  }

  /** The files of a module. OpenTofu prefers its own over those with the same name. */
  #sourcesIn(directory: string): readonly SourceFile[] {
    const names = namesIn(directory).filter((name) => isSourceFile(name) && !name.startsWith("."));
    for (const pattern of SOURCE_PATTERNS) this.#tools.inputs.add(join(directory, pattern));
    const files = names
      .filter((name) => !names.includes(name.replace(/\.tf(?=$|\.)/, ".tofu")) || isOfTofu(name))
      .sort()
      .flatMap((name) => {
        const file = join(directory, name);
        const body = this.#parsed(file, name.endsWith(".json") ? parseHclJson : parseHcl);
        return body === undefined ? [] : [{ file, body }];
      });
    const isOverride = ({ file }: SourceFile) => /(?:^|_)override\.\w/.test(basename(file));
    const own = files.filter((each) => !isOverride(each));
    try {
      return withOverrides(own, files.filter(isOverride));
    } catch (error) {
      if (!(error instanceof HclFault)) throw error;
      this.#report(error, "error");
      return own;
    }
  }

  /**
   * A value comes from the command line or a state on this disk; otherwise it has a default or stays open.
   */
  #remoteOutputs(data: WrittenResource): Attributed {
    const known = this.#outputs.get(data.address) ?? this.#outputsOf(data);
    this.#outputs.set(data.address, known);
    return known;
  }

  #outputsOf(data: WrittenResource): Attributed {
    const kept = this.#outputsOnDisk(data);
    return new Outputs(`${data.address}.outputs`, (name, label) => {
      const given = this.#options.parameters[label];
      if (given !== undefined) return objectOr(given);
      const output = fieldOf(kept, name);
      if (output !== undefined) return fieldOf(output, "value") as Value;
      const defaults = data.written("defaults");
      if (isEntries(defaults) && Object.hasOwn(defaults, name)) return defaults[name];
      const problem = `${label} is in the state of another project, which wsgw does not read. Set its value with --parameter-overrides "${label}=VALUE".`;
      this.#tools.report({ severity: "warning", origin: data.origin(), problem });
      return `${ELSEWHERE}${label}}}`;
    });
  }

  /** The outputs of a state in a file of the backend `local`. */
  #outputsOnDisk(data: WrittenResource): unknown {
    const config = data.written("config");
    if (data.written("backend") !== "local" || !isEntries(config)) return undefined;
    const file = resolve(this.#root, textOf(config.path ?? "terraform.tfstate"));
    this.#tools.inputs.add(file);
    return fieldOf(parseJson(this.#read(file)?.toString("utf8") ?? "")?.value, "outputs");
  }

  #workspace(): string {
    const chosen =
      this.#options.env.TF_WORKSPACE ||
      this.#read(join(this.#root, ".terraform", "environment"))
        ?.toString("utf8")
        .trim();
    return chosen || "default";
  }

  /** The given values of variables: later ones take precedence. */
  #givenValues(): (name: string, type: Expression | undefined) => Value | undefined {
    const { env, parameters, variables = {} } = this.#options;
    const names = namesIn(this.#root);
    const files = [
      "terraform.tfvars",
      "terraform.tfvars.json",
      ...names.filter((name) => /\.auto\.tfvars(?:\.json)?$/.test(name)).sort(),
    ];
    const inFiles = new Map(
      files
        .filter((name) => names.includes(name))
        .flatMap((name) => this.#valuesIn(join(this.#root, name))),
    );
    return (name, type) => {
      if (Object.hasOwn(variables, name)) return variables[name];
      const given = parameters[name];
      if (given !== undefined) return this.#fromText(given, type);
      if (inFiles.has(name)) return inFiles.get(name);
      const variable = env[`TF_VAR_${name}`];
      return variable === undefined ? undefined : this.#fromText(variable, type);
    };
  }

  #valuesIn(file: string): readonly (readonly [string, Value])[] {
    if (file.endsWith(".json")) {
      const json = parseJson(this.#read(file)?.toString("utf8") ?? "")?.value;
      return typeof json === "object" && json !== null
        ? (Object.entries(json) as [string, Value][])
        : [];
    }
    const body = this.#parsed(file, parseHcl);
    const scope = { file, context: this.#context, named: () => undefined };
    const attributes: Body["attributes"] = body?.attributes ?? new Map();
    return [...attributes.values()].flatMap(({ name, value }) => {
      const known = this.#parsed(file, () => evaluate(value, scope));
      return known === undefined ? [] : [[name, known] as const];
    });
  }

  #fromText(text: string, type: Expression | undefined): Value {
    if (takesText(type)) return text;
    const scope = { file: this.#options.file, context: this.#context, named: () => undefined };
    try {
      return evaluate(parseExpression(text), scope);
    } catch {
      return text;
    }
  }

  /** A local module, one of terraform-aws-modules, or one that `terraform init` has fetched. */
  #open(call: ModuleCall): OpenedModule | undefined {
    const { source, directory } = call;
    const known = knownModule(source);
    if (known !== undefined) {
      const file = join(this.#root, `${source}.tf`);
      return { files: [{ file, body: parseHcl(known) }], directory: this.#root, isBuiltIn: true };
    }
    const isLocal = /^\.{1,2}(?:\/|$)/.test(source);
    const at = isLocal ? resolve(directory, source) : this.#fetched(call);
    if (at !== undefined && isDirectory(at)) {
      return { files: this.#sourcesIn(at), directory: at, isBuiltIn: false };
    }
    this.#notOnDisk(call, isLocal);
    return undefined;
  }

  /** The directory into which `terraform init` has fetched a module. */
  #fetched({ names }: ModuleCall): string | undefined {
    const list = parseJson(
      this.#read(join(this.#root, ".terraform", "modules", "modules.json"))?.toString("utf8") ?? "",
    );
    const modules = fieldOf(list?.value, "Modules");
    const found = Array.isArray(modules)
      ? modules.find((each) => stringIn(each, "Key") === names.join("."))
      : undefined;
    const directory = stringIn(found, "Dir");
    return directory === undefined ? undefined : resolve(this.#root, directory);
  }

  #notOnDisk({ source, origin }: ModuleCall, isLocal: boolean): void {
    this.#tools.leaveOpen();
    const problem = isLocal
      ? `the module ${source} does not exist. Correct the path.`
      : `the module ${source} is not on this disk, so its resources are ignored. Run terraform init, or pass a plan with -t plan.json.`;
    const at: Origin = origin;
    if (!this.#reported.has(`${at.file}:${at.line} module`)) {
      this.#reported.add(`${at.file}:${at.line} module`);
      this.#tools.report({ severity: isLocal ? "error" : "warning", origin: at, problem });
    }
  }
}

function noValue(name: string, modules: readonly string[]): string {
  return modules.length === 0
    ? `the variable ${name} has no value. Set one in terraform.tfvars, as TF_VAR_${name}, or with --parameter-overrides ${name}=VALUE.`
    : `the variable ${name} has no value. Set it in module.${modules.at(-1)}.`;
}

/** An object or a list given as JSON; any other string unchanged. */
function objectOr(given: string): Value {
  return /^[[{]/.test(given) ? ((parseJson(given)?.value ?? given) as Value) : given;
}

/** Values by name, each evaluated once. */
class Outputs extends Attributed {
  readonly label: string;
  readonly #known = new Map<string, Value | undefined>();
  readonly #look: (name: string, label: string) => Value | undefined;

  constructor(label: string, look: (name: string, label: string) => Value | undefined) {
    super();
    this.label = label;
    this.#look = look;
  }

  attribute(name: string): Value | undefined {
    if (!this.#known.has(name)) this.#known.set(name, this.#look(name, `${this.label}.${name}`));
    return this.#known.get(name);
  }

  names(): readonly string[] {
    return [...this.#known.keys()];
  }
}

/** An object that is not on this machine: its attributes are strings that say so. */
class MadeUp extends Attributed {
  readonly label: string;

  constructor(label: string) {
    super();
    this.label = label;
  }

  attribute(name: string): Value {
    return `${ELSEWHERE}${this.label}.${name}}}`;
  }

  names(): readonly string[] {
    return [];
  }
}
