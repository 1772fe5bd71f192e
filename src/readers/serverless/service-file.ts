import { statSync } from "node:fs";
import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Path } from "../../definition/faults.ts";
import { WsgwError } from "../../errors.ts";
import type { Json, Origin, Origins } from "../cloudformation/rules/origins.ts";
import type { Finding, Report } from "../cloudformation/rules/report.ts";
import { isList, isObject } from "../cloudformation/rules/tree.ts";
import { parseDocument } from "../cloudformation/template-file.ts";
import { bundleConfig } from "../config/config-bundle.ts";
import { failedIn } from "../config/config-faults.ts";
import { loadModule } from "../config/config-module.ts";
import { apart, type LoadLimits } from "../config/evaluate-apart.ts";
import { placesInScript } from "../config/places.ts";
import { readTextFile } from "../text-file.ts";

const LARGEST_BYTES = 1024 * 1024;

export type FileTools = {
  readonly origins: Origins;
  readonly report: Report;
  readonly inputs: { add(file: string): void };
  /** Directory for bundles of scripts; absolute. */
  readonly stateDir: string;
  /** The service's directory, in which its scripts run. */
  readonly root: string;
  readonly limits: LoadLimits | undefined;
};

/** The inputs of a variable's script: command-line options and other variables, as written. */
export type ScriptCall = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly options: Readonly<Record<string, string>>;
  /** The address after the colon of the variable. */
  readonly keys: readonly string[];
  /** The value of a variable, such as `self:provider.stage`; undefined after a reported error. */
  readonly resolve: (variable: string) => Promise<Json | undefined>;
};

/** Reads the files of a service. */
export class ServiceFiles {
  readonly #tools: FileTools;
  readonly #read = new Map<string, Json | undefined>();
  readonly #scripts = new Map<string, Json | undefined>();

  constructor(tools: FileTools) {
    this.#tools = tools;
  }

  /** The service in a file, as written; undefined after a reported error. Throws what a script throws. */
  async service(
    file: string,
    env: Readonly<Record<string, string | undefined>>,
  ): Promise<Json | undefined> {
    this.#tools.inputs.add(file);
    if (!isScript(file)) return this.#parsed(file, readTextFile(file, "CONFIG_UNREADABLE"));
    const { limits, root, stateDir, inputs } = this.#tools;
    const loaded = await apart(env, { ...limits, cwd: root }, (evaluate) =>
      loadModule(file, evaluate, stateDir),
    );
    for (const input of loaded.inputs) inputs.add(input);
    return this.#noted(plain(loaded.definition), file);
  }

  /** The contents of a variable's file; null if it does not exist, undefined after a reported error. */
  async included(path: string): Promise<Json | undefined> {
    const file = resolve(this.#tools.root, path);
    this.#tools.inputs.add(file);
    if (this.#read.has(file)) return this.#read.get(file);
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats?.isFile() !== true) return null;
    const text = stats.size > LARGEST_BYTES ? undefined : readTextFile(file, "CONFIG_UNREADABLE");
    const isTree = /\.(?:ya?ml|json|tfstate)$/.test(file);
    const value = text !== undefined && isTree ? this.#parsed(file, text) : text;
    this.#read.set(file, value);
    return value;
  }

  /**
   * The value of a variable's script, called with Serverless's arguments if it is a function. It runs in its
   * own process, again after each unknown variable that it requests.
   */
  async script(path: string, call: ScriptCall): Promise<Json | undefined> {
    const key = JSON.stringify([path, call.keys]);
    if (!this.#scripts.has(key)) this.#scripts.set(key, await this.#run(path, call));
    return this.#scripts.get(key);
  }

  async #run(path: string, call: ScriptCall): Promise<Json | undefined> {
    const file = resolve(this.#tools.root, path);
    const { inputs, stateDir, limits, root } = this.#tools;
    inputs.add(file);
    if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return null;
    const bundle = extname(file) === ".ts" ? await bundleConfig(file, stateDir) : undefined;
    const known: Record<string, Json> = {};
    try {
      for (let run = 0; run < MOST_RUNS; run += 1) {
        const { options, keys } = call;
        const asked = { url: bundle?.url ?? pathToFileURL(file).href, file, options, keys, known };
        const outcome = await apart(call.env, { ...limits, cwd: root }, (evaluate) =>
          evaluate({ url: wrapperOf(asked), file }),
        );
        if (outcome.kind !== "definition") throw failedIn(file, outcome, bundle);
        const answer = outcome.definition as ScriptAnswer;
        for (const input of [...answer.files, ...(bundle?.inputs ?? [])]) inputs.add(input);
        if (answer.needs.length === 0) return this.#noted(answer.value, file);
        for (const name of answer.needs) {
          const value = await call.resolve(name);
          if (value === undefined) return undefined;
          known[name] = value;
        }
      }
    } finally {
      bundle?.remove();
    }
    throw new WsgwError("CONFIG_UNREADABLE", `${file} requests variables endlessly.`);
  }

  #parsed(file: string, text: string): Json | undefined {
    // Serverless treats a key without a value as absent
    const report = (finding: Finding): void => {
      if (finding.severity === "error") this.#tools.report(finding);
    };
    return parseDocument(text, file, this.#tools.origins, report);
  }

  /** Notes the places of literal values in a script. */
  #noted(value: Json, file: string): Json {
    const places = placesInScript(readTextFile(file, "CONFIG_UNREADABLE"));
    const place = (path: Path): Origin => {
      const { line, column } = places.locate(path) ?? { line: 1, column: 1 };
      return { file, path, line, column };
    };
    const visit = (node: Json, path: Path): void => {
      if (!isObject(node) && !isList(node)) return;
      const keys = isList(node) ? [...node.keys()] : Object.keys(node);
      const own = keys.map((key) => [key, place([...path, key])] as const);
      this.#tools.origins.note(node, place(path), new Map(own));
      for (const key of keys) visit(Reflect.get(node, key), [...path, key]);
    };
    visit(value, []);
    return value;
  }
}

const MOST_RUNS = 10;

type ScriptAnswer = {
  readonly value: Json;
  /** Variables that it requested and that were unknown. */
  readonly needs: readonly string[];
  /** The author's modules that it loaded. */
  readonly files: readonly string[];
};

type Asked = Pick<ScriptCall, "options" | "keys"> & {
  readonly url: string;
  readonly file: string;
  readonly known: Readonly<Record<string, Json>>;
};

/** A module, as a URL, that loads a script as Serverless does, and exports the result. */
function wrapperOf(asked: Asked): string {
  const code = `
    import { createRequire } from "node:module";
    const { url, file, options, keys, known } = ${JSON.stringify(asked)};
    const needs = [];
    const resolveVariable = async (name) => {
      if (Object.hasOwn(known, name)) return known[name];
      needs.push(name);
      throw new Error("wsgw resolves " + name + " and calls this again");
    };
    const resolveConfigurationProperty = (path) => resolveVariable("self:" + path.join("."));
    const call = { options, resolveVariable, resolveConfigurationProperty };
    export default async () => {
      const loaded = await import(url);
      let value = loaded.default ?? loaded;
      let isCalled = false;
      const settle = async () => {
        const calls = typeof value === "function" && !isCalled;
        isCalled ||= calls;
        value = await (calls ? value(call) : value);
      };
      try {
        await settle();
        for (const key of keys) {
          if (value === null || value === undefined) break;
          value = value[key];
          await settle();
        }
      } catch (error) {
        if (needs.length === 0) throw error;
      }
      const files = Object.keys(createRequire(file).cache).filter((each) => !each.includes("node_modules"));
      return { value: JSON.parse(JSON.stringify(value) ?? "null"), needs, files };
    };`;
  return `data:text/javascript,${encodeURIComponent(code)}`;
}

/** Whether a file is code rather than data. */
export function isScript(file: string): boolean {
  return /\.[cm]?[jt]s$/.test(file);
}

/** A script's export as Serverless takes it: without functions and undefined values. */
function plain(definition: unknown): Json {
  return JSON.parse(JSON.stringify(definition ?? null)) as Json;
}
