import { readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join, relative, resolve } from "node:path";
import { filesBelow, isDirectory, namesIn } from "../../bundle/directory-files.ts";
import { parseJson } from "../../values/json.ts";
import type { WritingTools } from "../cloudformation/read-template.ts";
import { RemoteStates } from "./remote-state.ts";
import { evaluate } from "./rules/evaluate-hcl.ts";
import { fetchedDirectory, MODULES_FILE, moduleNotOnDisk } from "./rules/fetched-modules.ts";
import type { FunctionContext } from "./rules/functions.ts";
import { type Body, type Expression, HclFault } from "./rules/hcl-syntax.ts";
import { knownModule } from "./rules/known-modules.ts";
import type { Place } from "./rules/local-attributes.ts";
import { Module, type ModuleCall, type OpenedModule, type SourceFile } from "./rules/module.ts";
import { withOverrides } from "./rules/overrides.ts";
import { parseExpression, parseHcl } from "./rules/parse-hcl.ts";
import { parseHclJson } from "./rules/parse-hcl-json.ts";
import { KeyBook } from "./rules/resource-names.ts";
import { isOfTofu, isSourceFile, SOURCE_PATTERNS } from "./rules/terraform-files.ts";
import { Attributed, ELSEWHERE, type Entries, type Value, ValueFault } from "./rules/values.ts";
import { takesText } from "./rules/variable-types.ts";
import { givenValue, noValue, variableFiles } from "./rules/variable-values.ts";

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
  readonly #remoteStates: RemoteStates;
  #isFaulty = false;

  constructor(options: ProjectOptions, tools: WritingTools) {
    this.#options = options;
    this.#tools = tools;
    this.#root = dirname(options.file);
    const { parameters } = options;
    const read = (file: string) => this.#read(file);
    this.#remoteStates = new RemoteStates({ ...tools, root: this.#root, parameters, read });
    let steps = 0;
    this.#context = {
      root: this.#root,
      paths: {
        absolute: (path) => resolve(this.#root, path),
        expanded: (path) => path.replace(/^~(?=\/|$)/, homedir()),
        basename: (path) => basename(path),
        dirname: (path) => dirname(path),
      },
      read,
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
          noValue,
          madeUp: (label) => new MadeUp(label),
          remoteOutputs: (data) => this.#remoteStates.outputs(data),
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

  #workspace(): string {
    const chosen =
      this.#options.env.TF_WORKSPACE ||
      this.#read(join(this.#root, ".terraform", "environment"))
        ?.toString("utf8")
        .trim();
    return chosen || "default";
  }

  #givenValues(): (name: string, type: Expression | undefined) => Value | undefined {
    const { env, parameters, variables = {} } = this.#options;
    const files = variableFiles(namesIn(this.#root));
    const inFiles = new Map(files.flatMap((name) => this.#valuesIn(join(this.#root, name))));
    return (name, type) => {
      const given = givenValue(name, { variables, parameters, inFiles, env });
      if (given === undefined) return undefined;
      return "text" in given ? this.#fromText(given.text, type) : given.value;
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
    const at = isLocal ? resolve(directory, source) : this.#fetched(call.names);
    if (at !== undefined && isDirectory(at)) {
      return { files: this.#sourcesIn(at), directory: at, isBuiltIn: false };
    }
    this.#notOnDisk(call, isLocal);
    return undefined;
  }

  #fetched(names: readonly string[]): string | undefined {
    const list = this.#read(join(this.#root, MODULES_FILE))?.toString("utf8") ?? "";
    const directory = fetchedDirectory(list, names);
    return directory === undefined ? undefined : resolve(this.#root, directory);
  }

  #notOnDisk({ source, origin }: ModuleCall, isLocal: boolean): void {
    this.#tools.leaveOpen();
    const at = `${origin.file}:${origin.line} module`;
    if (this.#reported.has(at)) return;
    this.#reported.add(at);
    this.#tools.report({ ...moduleNotOnDisk(source, isLocal), origin });
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
