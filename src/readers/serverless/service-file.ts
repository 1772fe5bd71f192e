import { readFileSync, statSync } from "node:fs";
import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Path } from "../../definition/faults.ts";
import { whyNotRead } from "../../errors/in-words.ts";
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

const LARGEST_BYTES = 1024 * 1024;

export type FileTools = {
  readonly origins: Origins;
  readonly report: Report;
  readonly inputs: { add(file: string): void };
  /** Where bundles of scripts are written; absolute. */
  readonly stateDir: string;
  /** The folder of the service, in which its scripts run. */
  readonly root: string;
  readonly limits: LoadLimits | undefined;
};

/** What a script of a variable asks for: the options of the command line, and other variables as they are written. */
export type ScriptCall = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly options: Readonly<Record<string, string>>;
  /** What follows the colon of the variable. */
  readonly keys: readonly string[];
  /** The value of a variable, such as `self:provider.stage`; undefined for what has been reported. */
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

  /** The service that a file has, as it is written; undefined for what has been reported. Throws what a script throws. */
  async service(
    file: string,
    env: Readonly<Record<string, string | undefined>>,
  ): Promise<Json | undefined> {
    this.#tools.inputs.add(file);
    if (!isScript(file)) return this.#parsed(file, textIn(file));
    const { limits, root, stateDir, inputs } = this.#tools;
    const loaded = await apart(env, { ...limits, cwd: root }, (evaluate) =>
      loadModule(file, evaluate, stateDir),
    );
    for (const input of loaded.inputs) inputs.add(input);
    return this.#noted(plain(loaded.definition), file);
  }

  /** What a file of a variable has; null where it is not there, undefined for what has been reported. */
  async included(path: string): Promise<Json | undefined> {
    const file = resolve(this.#tools.root, path);
    this.#tools.inputs.add(file);
    if (this.#read.has(file)) return this.#read.get(file);
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats?.isFile() !== true) return null;
    const text = stats.size > LARGEST_BYTES ? undefined : textIn(file);
    const isTree = /\.(?:ya?ml|json|tfstate)$/.test(file);
    const value = text !== undefined && isTree ? this.#parsed(file, text) : text;
    this.#read.set(file, value);
    return value;
  }

  /**
   * What a script of a variable gives, called with Serverless' own arguments if it is a function. It runs in a process
   * apart, and again when it has asked for a variable that was not known.
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
    throw new WsgwError("CONFIG_UNREADABLE", `${file} asks for variables without end.`);
  }

  #parsed(file: string, text: string): Json | undefined {
    // Serverless takes a key without a value for one that is not there
    const report = (finding: Finding): void => {
      if (finding.severity === "error") this.#tools.report(finding);
    };
    return parseDocument(text, file, this.#tools.origins, report);
  }

  /** Notes where a script says its values, as far as they are written out. */
  #noted(value: Json, file: string): Json {
    const places = placesInScript(textIn(file));
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
  /** Variables that it has asked for in vain. */
  readonly needs: readonly string[];
  /** The author's modules that it has loaded. */
  readonly files: readonly string[];
};

type Asked = Pick<ScriptCall, "options" | "keys"> & {
  readonly url: string;
  readonly file: string;
  readonly known: Readonly<Record<string, Json>>;
};

/** A module, as a URL, that loads a script as Serverless does, and exports what comes of it. */
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

/** Whether a file is code and no data. */
export function isScript(file: string): boolean {
  return /\.[cm]?[jt]s$/.test(file);
}

/** As Serverless takes what a script exports: functions and what is undefined are left out. */
function plain(definition: unknown): Json {
  return JSON.parse(JSON.stringify(definition ?? null)) as Json;
}

function textIn(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const message = `${file} cannot be read: ${whyNotRead(cause, file)}.`;
    throw new WsgwError("CONFIG_UNREADABLE", message, { cause });
  }
}
