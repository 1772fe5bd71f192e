import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";

/** An interpreter that works. */
export type Python = {
  readonly executable: string;
  /** Such as `3.12.1`. */
  readonly version: string;
};

/** Looks for interpreters, each of which is asked only once. */
export type Pythons = {
  /**
   * The interpreter for a runtime such as `python3.12`: that of the virtual environment that is active
   * or stands in one of the folders, because the packages are there; else the one of this version;
   * else any Python 3. Undefined when there is none.
   */
  find(runtime: string, folders: readonly string[]): Promise<Python | undefined>;
  /** Whether a module is installed for an interpreter. */
  has(python: Python, module: string): Promise<boolean>;
};

const BIN = process.platform === "win32" ? "Scripts" : "bin";
const PATIENCE_MS = 10_000;

export function createPythons(): Pythons {
  const asked = new Map<string, Promise<Python | undefined>>();

  const ask = (command: string): Promise<Python | undefined> => {
    const known = asked.get(command) ?? askInterpreter(command);
    asked.set(command, known);
    return known;
  };

  return {
    async find(runtime, folders) {
      const active = process.env.VIRTUAL_ENV;
      const environments = [
        ...(active === undefined ? [] : [active]),
        ...folders.flatMap((folder) => [join(folder, ".venv"), join(folder, "venv")]),
      ];
      const candidates = [
        ...environments.map((folder) => join(folder, BIN, "python")).filter(existsSync),
        runtime,
        "python3",
        "python",
      ];
      for (const candidate of candidates) {
        const python = await ask(candidate);
        if (python?.version.startsWith("3.")) return python;
      }
      return undefined;
    },
    has: async ({ executable }, module) =>
      (await run(executable, ["-c", HAS_MODULE, module])) === "True",
  };
}

/** The program that runs a handler; the name in package.json finds it from the sources and from the built package. */
export function pythonCommand({ executable }: Python): readonly string[] {
  const program = createRequire(import.meta.url).resolve("#python-bootstrap");
  return [executable, "-B", "-u", program]; // -B: as on Lambda, no bytecode is written beside the code
}

/** How missing packages come to an interpreter. */
export type Installing = {
  /** What `-r FILE` or a package's name is added to. */
  readonly command: string;
  /** The requirements file of the code, relative to the directory of the definition; undefined without one. */
  readonly requirements: string | undefined;
};

/** How the packages of code in `folder` are installed: into the virtual environment of its interpreter, or into a new one. */
export function installingFor(root: string, folder: string, { executable }: Python): Installing {
  const shown = (path: string) => {
    const within = relative(root, path);
    return within.startsWith("..") ? path : within;
  };
  const isEnvironment = existsSync(join(dirname(dirname(executable)), "pyvenv.cfg"));
  const lists = [...new Set([folder, root])].map((at) => join(at, "requirements.txt"));
  const list = lists.find(existsSync);
  return {
    command: isEnvironment
      ? `${shown(executable)} -m pip install`
      : `python3 -m venv .venv && ${join(".venv", BIN, "pip")} install`,
    requirements: list && shown(list),
  };
}

const WHO_ARE_YOU = "import sys; print(sys.executable, '.'.join(map(str, sys.version_info[:3])))";
const HAS_MODULE =
  "import importlib.util, sys; print(importlib.util.find_spec(sys.argv[1]) is not None)";

/**
 * A name on the PATH says little: pyenv puts one there for every version that it has, whether or not
 * it lets it run here. The interpreter's own path also saves each start the way through such a name.
 */
async function askInterpreter(command: string): Promise<Python | undefined> {
  const answer = await run(command, ["-c", WHO_ARE_YOU]);
  const [, executable, version] = /^(.+) (\S+)$/.exec(answer ?? "") ?? [];
  return executable === undefined || version === undefined ? undefined : { executable, version };
}

/** What a program prints, or undefined when it is not there or fails. */
async function run(command: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(command, [...args], { timeout: PATIENCE_MS });
    return stdout.trim();
  } catch {
    return undefined;
  }
}
