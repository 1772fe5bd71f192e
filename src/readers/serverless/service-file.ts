import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { Path } from "../../definition/faults.ts";
import type { Json, Origin, Origins } from "../cloudformation/rules/origins.ts";
import type { Finding, Report } from "../cloudformation/rules/report.ts";
import { isList, isObject } from "../cloudformation/rules/tree.ts";
import { parseDocument } from "../cloudformation/template-file.ts";
import { loadModule } from "../config/config-module.ts";
import { placesInScript } from "../config/places.ts";
import { apart, type LoadLimits } from "../config/separate-process.ts";
import { readTextFile } from "../text-file.ts";
import { runScript, type ScriptCall } from "./service-script.ts";

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

  /** The value of a variable's script; null if it does not exist, undefined after a reported error. */
  async script(path: string, call: ScriptCall): Promise<Json | undefined> {
    const key = JSON.stringify([path, call.keys]);
    if (!this.#scripts.has(key)) this.#scripts.set(key, await this.#run(path, call));
    return this.#scripts.get(key);
  }

  async #run(path: string, call: ScriptCall): Promise<Json | undefined> {
    const file = resolve(this.#tools.root, path);
    this.#tools.inputs.add(file);
    if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return null;
    const value = await runScript(file, call, this.#tools);
    return value === undefined ? undefined : this.#noted(value, file);
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

/** Whether a file is code rather than data. */
export function isScript(file: string): boolean {
  return /\.[cm]?[jt]s$/.test(file);
}

/** A script's export as Serverless takes it: without functions and undefined values. */
function plain(definition: unknown): Json {
  return JSON.parse(JSON.stringify(definition ?? null)) as Json;
}
