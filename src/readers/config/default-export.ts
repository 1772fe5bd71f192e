import { functionOrClass, isClass } from "../../definition/no-definition.ts";
import { fieldOf } from "../../values/json.ts";
import { type Thrown, thrownOf } from "./thrown.ts";

/** The module of a config, and its name in messages. */
export type ConfigModule = { readonly url: string; readonly file: string };

/** The result of loading a config. */
export type Outcome = { readonly kind: "definition"; readonly definition: unknown } | Failed;

export type Evaluate = (module: ConfigModule) => Promise<Outcome>;

/** Why there is no definition. */
export type Failed =
  | { readonly kind: "mistake"; readonly message: string; readonly hint?: string }
  | { readonly kind: "threw"; readonly thrown: Thrown; readonly cause?: unknown };

/** Imports a module, takes its default export, calls it if it is a function, and awaits the result. */
export async function evaluate(
  { url, file }: ConfigModule,
  load: (url: string) => Promise<unknown>,
): Promise<Outcome> {
  let fail = () => {};
  const never = new Promise<Outcome>((resolve) => {
    const message = `${file}: a promise that it awaits or exports never settles.`;
    fail = () => resolve({ kind: "mistake", message });
  });
  // Node exits silently when nothing is left to do and a promise is still pending.
  process.once("beforeExit", fail);
  try {
    const loading = load(url).then((module) => readDefault(module, file));
    return await Promise.race([loading, never]);
  } catch (error) {
    return failedBy(error);
  } finally {
    process.off("beforeExit", fail);
  }
}

export function failedBy(error: unknown): Failed {
  return { kind: "threw", thrown: thrownOf(error), cause: error };
}

async function readDefault(module: unknown, file: string): Promise<Outcome> {
  const exported = defaultOf(module);
  if (exported === undefined) {
    const others = Object.keys(Object(module)).filter((name) => !NO_EXPORTS.has(name));
    const but = others.length === 0 ? "" : `, but exports ${others.join(", ")}`;
    return { kind: "mistake", message: `${file} does not have a default export${but}.` };
  }
  const isCalled = typeof exported === "function" && !isClass(exported);
  const definition: unknown = await (isCalled ? exported() : exported);
  if (definition !== undefined || !isCalled) return { kind: "definition", definition };
  const message = `${file}: the default export is ${functionOrClass(exported)}, and calling it returns nothing. Return the definition.`;
  return { kind: "mistake", message };
}

/** Exports that Node adds to CommonJS. */
const NO_EXPORTS: ReadonlySet<string> = new Set(["default", "module.exports", "__esModule"]);

function defaultOf(module: unknown): unknown {
  const exported = fieldOf(module, "default");
  // how compilers translate `export default` to CommonJS
  return fieldOf(exported, "__esModule") === true ? fieldOf(exported, "default") : exported;
}
