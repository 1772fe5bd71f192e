import { fieldOf } from "../../values/json.ts";
import { type LoadedModule, loadModule } from "./config-module.ts";
import { evaluate } from "./default-export.ts";
import { nativeImport } from "./native-import.ts";

/** Whether this process calls functions of a definition, so that it must load the definition too. */
export function isCalledHere(definition: unknown, runsHooks: boolean): boolean {
  const hasPlugins = fieldOf(fieldOf(definition, "esbuild"), "plugins") !== undefined;
  return hasPlugins || (runsHooks && fieldOf(definition, "hooks") !== undefined);
}

/** Loads a config file in this process, with the variables of an env file. */
export async function loadHere(
  file: string,
  environment: Readonly<Record<string, string>>,
): Promise<LoadedModule> {
  const restore = setVariables(environment);
  try {
    return await loadModule(file, (module) => evaluate(module, nativeImport));
  } finally {
    restore();
  }
}

function setVariables(variables: Readonly<Record<string, string>>): () => void {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}
