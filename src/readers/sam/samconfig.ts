import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parse as parseToml, TomlError } from "smol-toml";
import { parse as parseYaml, YAMLParseError } from "yaml";
import { didYouMean } from "../../definition/faults.ts";
import { WsgwError } from "../../errors.ts";
import { isObject } from "../../values/json.ts";
import { field } from "../cloudformation/rules/tree.ts";
import { readTextFile } from "../text-file.ts";
import { readOverrides } from "./rules/parameter-overrides.ts";
import { SAMCONFIG_NAMES } from "./rules/samconfig-names.ts";

/** The SAM CLI's configuration for one environment. */
export type SamConfig = {
  /** Absolute. */
  readonly file: string;
  readonly stackName: string | undefined;
  readonly region: string | undefined;
  /** Absolute. */
  readonly templateFile: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
};

/** The names of SAM's settings. */
const DEFAULT = "default";
/** Commands whose parameters are read: the first that has a parameter counts. */
const COMMANDS = ["deploy", "build", "global"];
/** `deploy` may name the output of `build`; `build` reads the template itself. */
const COMMANDS_FOR_TEMPLATE = ["build", "global", "deploy"];

type Table = Readonly<Record<string, unknown>>;

/**
 * Reads `samconfig.toml` or `samconfig.yaml` in a directory for an environment, by default SAM's; undefined
 * if there is no file. Throws SAMCONFIG_INVALID with all errors in it.
 */
export function loadSamConfig(directory: string, environment?: string): SamConfig | undefined {
  const name = SAMCONFIG_NAMES.find((each) => existsSync(join(directory, each)));
  if (name === undefined) return undefined;
  const file = join(directory, name);
  const text = readTextFile(file, "SAMCONFIG_INVALID");
  const reader = new SamConfigReader(directory, name, parse(file, text));
  return { file, ...reader.read(environment) };
}

function parse(file: string, text: string): unknown {
  try {
    return file.endsWith(".toml") ? parseToml(text) : (parseYaml(text) ?? {});
  } catch (cause) {
    const [place, problem] = faultOf(cause);
    const message = `${basename(file)}${place}: ${problem}`;
    throw new WsgwError("SAMCONFIG_INVALID", message, { cause });
  }
}

/** The position and message of a syntax error. */
function faultOf(error: unknown): readonly [place: string, problem: string] {
  const [first = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
  if (error instanceof TomlError) {
    return [`:${error.line}:${error.column}`, `${first.replace(/^Invalid TOML document: /, "")}.`];
  }
  const start = error instanceof YAMLParseError ? error.linePos?.[0] : undefined;
  const problem = first.replace(/ at line \d+, column \d+:?$/, "");
  return [start === undefined ? "" : `:${start.line}:${start.col}`, `${problem}.`];
}

class SamConfigReader {
  readonly #directory: string;
  readonly #name: string;
  readonly #content: unknown;
  readonly #faults: string[] = [];

  constructor(directory: string, name: string, content: unknown) {
    this.#directory = directory;
    this.#name = name;
    this.#content = content;
  }

  read(environment: string | undefined): Omit<SamConfig, "file"> {
    const environments = this.#table(this.#content, []);
    const name = environment ?? DEFAULT;
    if (environment !== undefined && !Object.hasOwn(environments, environment)) {
      this.#faults.push(this.#unknown(environment, environments));
    }
    const commands = this.#table(field(environments, name), [name]);
    const parameters = new Map(
      COMMANDS.map((command) => {
        const path = [name, command];
        const of = this.#table(field(commands, command), path);
        return [command, this.#table(field(of, "parameters"), [...path, "parameters"])];
      }),
    );
    const text = (key: string, order = COMMANDS) => this.#text(parameters, key, order);
    const template =
      text("template_file", COMMANDS_FOR_TEMPLATE) ?? text("template", COMMANDS_FOR_TEMPLATE);
    const config = {
      stackName: text("stack_name"),
      region: text("region"),
      templateFile: template === undefined ? undefined : resolve(this.#directory, template),
      parameters: this.#overrides(parameters, name),
    };
    if (this.#faults.length === 0) return config;
    const sentences = this.#faults.map((fault) => `${this.#name}: ${fault}`);
    throw new WsgwError("SAMCONFIG_INVALID", sentences.join("\n"));
  }

  #unknown(environment: string, environments: Table): string {
    const names = Object.keys(environments).filter((name) => name !== "version");
    const near = didYouMean(environment, names);
    const has = names.length === 0 ? "none" : names.join(", ");
    return `The environment ${JSON.stringify(environment)} does not exist${near ?? `. The file has ${has}.`}`;
  }

  #table(value: unknown, path: readonly string[]): Table {
    if (value === undefined || value === null) return {};
    if (isObject(value)) return value;
    this.#faults.push(`${path.join(".") || "The file"} must be a table.`);
    return {};
  }

  #text(
    parameters: ReadonlyMap<string, Table>,
    key: string,
    order: readonly string[],
  ): string | undefined {
    for (const command of order) {
      const value = field(parameters.get(command) ?? {}, key);
      if (value === undefined) continue;
      if (typeof value === "string") return value;
      this.#faults.push(`${key} of ${command} must be a string.`);
    }
    return undefined;
  }

  #overrides(
    parameters: ReadonlyMap<string, Table>,
    environment: string,
  ): Readonly<Record<string, string>> {
    for (const command of COMMANDS) {
      const written = field(parameters.get(command) ?? {}, "parameter_overrides");
      if (written === undefined) continue;
      const { values, faults } = readOverrides(written);
      const path = `${environment}.${command}.parameters.parameter_overrides`;
      this.#faults.push(...faults.map((fault) => `${path}: ${fault}`));
      return values;
    }
    return {};
  }
}
