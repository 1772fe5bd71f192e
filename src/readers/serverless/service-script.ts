import { extname } from "node:path";
import { pathToFileURL } from "node:url";
import { WsgwError } from "../../errors.ts";
import type { Json } from "../cloudformation/rules/origins.ts";
import { bundleConfig } from "../config/config-bundle.ts";
import { failedIn } from "../config/config-faults.ts";
import { apart, type LoadLimits } from "../config/separate-process.ts";

/** The inputs of a variable's script: command-line options and other variables, as written. */
export type ScriptCall = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly options: Readonly<Record<string, string>>;
  /** The address after the colon of the variable. */
  readonly keys: readonly string[];
  /** The value of a variable, such as `self:provider.stage`; undefined after a reported error. */
  readonly resolve: (variable: string) => Promise<Json | undefined>;
};

type ScriptTools = {
  readonly inputs: { add(file: string): void };
  /** Directory for bundles of scripts; absolute. */
  readonly stateDir: string;
  /** The service's directory, in which its scripts run. */
  readonly root: string;
  readonly limits: LoadLimits | undefined;
};

/**
 * The value of a variable's script, called with Serverless's arguments if it is a function. It runs in its
 * own process, again after each unknown variable that it requests. Undefined after a reported error.
 */
export async function runScript(
  file: string,
  call: ScriptCall,
  { inputs, stateDir, limits, root }: ScriptTools,
): Promise<Json | undefined> {
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
      if (answer.needs.length === 0) return answer.value;
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
