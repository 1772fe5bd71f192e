import { shown } from "../../definition/faults.ts";
import { WsgwError } from "../../errors.ts";
import { isObject } from "../../values/json.ts";
import { readTextFile } from "../text-file.ts";

/** Variables by function: its logical id, its name, or its path through nested stacks. */
export type EnvVars = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The key whose variables are for all functions. */
const FOR_ALL = "Parameters";

/**
 * Reads an `--env-vars` file in SAM's format: `{ "Parameters": { … } }` for all functions, `{ "Function": { …
 * } }` for one. Throws ENV_VARS_INVALID with all errors in it.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-using-invoke.html
 */
export function loadEnvVars(file: string): EnvVars {
  const text = readTextFile(file, "ENV_VARS_INVALID");
  const content = parse(file, text);
  const faults: string[] = [];
  const functions = isObject(content) ? Object.entries(content) : [];
  if (!isObject(content)) {
    faults.push(
      `${shown(content)} is not an object. Write { "FunctionName": { "NAME": "value" } }.`,
    );
  }
  const found = functions.map(([name, variables]) => [name, variablesOf(name, variables, faults)]);
  if (faults.length === 0) return Object.fromEntries(found) as EnvVars;
  const sentences = faults.map((fault) => `${file}: ${fault}`);
  throw new WsgwError("ENV_VARS_INVALID", sentences.join("\n"));
}

/** The variables of a function by its names. Unlike SAM's, they need not be declared in the template. */
export function envVarsOf(
  envVars: EnvVars,
  names: readonly string[],
): Readonly<Record<string, string>> {
  return Object.assign({}, ...[FOR_ALL, ...names].map((name) => envVars[name]));
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = `${file}${placeIn(text, cause)}: The file is not JSON.`;
    throw new WsgwError("ENV_VARS_INVALID", message, { cause });
  }
}

/** Node's message contains an offset, or nothing if the text is truncated. */
function placeIn(text: string, error: unknown): string {
  const [, offset] = /at position (\d+)/.exec(String(error)) ?? [];
  const before = text.slice(0, offset === undefined ? text.length : Number(offset)).split("\n");
  return `:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}

/** Numbers and booleans become strings, as in the SAM CLI. */
function variablesOf(
  name: string,
  variables: unknown,
  faults: string[],
): Readonly<Record<string, string>> {
  if (!isObject(variables)) {
    faults.push(
      `${JSON.stringify(name)} must be an object of variables, not ${shown(variables)}. Put variables for all functions under "${FOR_ALL}".`,
    );
    return {};
  }
  const entries = Object.entries(variables).flatMap(([variable, value]) => {
    if (typeof value !== "object") return [[variable, String(value)] as const];
    faults.push(
      `variable ${JSON.stringify(variable)} of ${JSON.stringify(name)} must be a string, a number, true or false, not ${shown(value)}.`,
    );
    return [];
  });
  return Object.fromEntries(entries);
}
