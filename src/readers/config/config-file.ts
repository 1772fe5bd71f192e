import { accessSync, constants, existsSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, extname, join, resolve } from "node:path";
import { namesIn } from "../../bundle/directory-files.ts";
import { type Places, rememberPlaces } from "../../definition/places.ts";
import { whyNotRead } from "../../errors/in-words.ts";
import { WsgwError } from "../../errors.ts";
import { jsonFailed } from "./config-bundle.ts";
import { type LoadedModule, loadModule } from "./config-module.ts";
import { isCalledHere, loadHere } from "./main-process.ts";
import { placesInJson, placesInScript } from "./places.ts";
import { apart, type LoadLimits } from "./separate-process.ts";

/** An unchecked definition from a config file. */
export type LoadedConfig = {
  readonly definition: unknown;
  /** The config file itself; all paths here are absolute. */
  readonly file: string;
  /** Its directory, to which handlers are relative. */
  readonly root: string;
  /** Every local input file, the config file first: a change of one requires loading again. */
  readonly inputs: readonly string[];
};

export type ConfigOptions = {
  readonly cwd: string;
  /** The config file; by default it is searched for in `cwd` and the directories above. */
  readonly file?: string | undefined;
  /** Variables of an env file, which the config file sees in `process.env` while it loads. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** Limits for a load that takes too long. Not with `inProcess`. */
  readonly limits?: LoadLimits | undefined;
  /** Whether this process calls the definition's hooks, as a deployment does. */
  readonly runsHooks?: boolean;
  /** Loads the config only in this process, which is faster but keeps side effects of its code. */
  readonly inProcess?: boolean;
};

const EXTENSIONS = [".ts", ".mts", ".js", ".mjs", ".cjs", ".json"];

/**
 * Loads a config file as it is on disk now, however often it was loaded before. Calls a default export that
 * is a function, and awaits a promise. The code runs in its own process. A definition with functions that
 * this process calls, such as esbuild plugins, is then also loaded here.
 */
export async function loadConfig(options: ConfigOptions): Promise<LoadedConfig> {
  const file = options.file === undefined ? findConfig(options.cwd) : namedConfig(options);
  assertReadable(file);
  const { definition, inputs } =
    extname(file) === ".json" ? await readJson(file) : await loadScript(file, options);
  if (typeof definition === "object" && definition !== null) {
    rememberPlaces(definition, places(file));
  }
  return { definition, file, root: dirname(file), inputs };
}

async function loadScript(file: string, options: ConfigOptions): Promise<LoadedModule> {
  const { environment = {}, inProcess = false, runsHooks = false } = options;
  if (!inProcess) {
    const env = { ...process.env, ...environment };
    const loaded = await apart(env, options.limits, (evaluate) => loadModule(file, evaluate));
    if (!isCalledHere(loaded.definition, runsHooks)) return loaded;
  }
  return loadHere(file, environment);
}

function namedConfig({ cwd, file = "" }: ConfigOptions): string {
  const path = resolve(cwd, file);
  if (!existsSync(path)) {
    throw new WsgwError("CONFIG_NOT_FOUND", `The config file ${path} does not exist.`);
  }
  if (!EXTENSIONS.includes(extname(path))) {
    throw new WsgwError(
      "CONFIG_UNREADABLE",
      `${path} does not end in ${EXTENSIONS.slice(0, -1).join(", ")} or .json.`,
    );
  }
  return path;
}

/** Searches up to the home directory, or up to the root for projects outside it. */
function findConfig(cwd: string): string {
  const start = resolve(cwd);
  const home = homedir();
  for (let directory = start; ; directory = dirname(directory)) {
    const name = configIn(directory);
    if (name !== undefined) return join(directory, name);
    if (directory === home || directory === dirname(directory)) break;
  }
  throw noConfig(start);
}

/** The error that neither a directory nor those above it have a config file; `more` names alternatives. */
export function noConfig(start: string, more: readonly string[] = []): WsgwError {
  const names = EXTENSIONS.map((extension) => `wsgw.config${extension}`).join(", ");
  const none = `Neither ${start} nor a parent directory has one of ${names}.`;
  return new WsgwError("CONFIG_NOT_FOUND", [none, ...more].join("\n"));
}

/** The name of the config file in a directory. */
export function configIn(directory: string): string | undefined {
  const present = new Set(namesIn(directory));
  return EXTENSIONS.map((extension) => `wsgw.config${extension}`).find((name) => present.has(name));
}

function assertReadable(file: string): void {
  try {
    accessSync(file, constants.R_OK);
  } catch (cause) {
    throw new WsgwError(
      "CONFIG_UNREADABLE",
      `${file} cannot be read: ${whyNotRead(cause, file)}.`,
      { cause },
    );
  }
  if (!statSync(file).isFile()) throw new WsgwError("CONFIG_UNREADABLE", `${file} is not a file.`);
  assertUtf8(file);
}

/** PowerShell's `>` writes files that begin with one of these byte order marks. */
function assertUtf8(file: string): void {
  const [first, second] = readFileSync(file);
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (!isUtf16) return;
  throw new WsgwError("CONFIG_UNREADABLE", `${file} is UTF-16. Save it as UTF-8.`);
}

function places(file: string): Places {
  const text = readText(file);
  return extname(file) === ".json" ? placesInJson(text) : placesInScript(text);
}

function readText(file: string): string {
  return readFileSync(file, "utf8").replace(/^\uFEFF/, "");
}

async function readJson(file: string): Promise<LoadedModule> {
  const text = readText(file);
  try {
    return { definition: JSON.parse(text), inputs: [file] };
  } catch (cause) {
    throw await jsonFailed(file, text, cause);
  }
}
