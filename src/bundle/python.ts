import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";

/** A working interpreter. */
export type Python = {
  readonly executable: string;
  /** For example `3.12.1`. */
  readonly version: string;
};

/** Finds interpreters, and runs each only once. */
export type Pythons = {
  /**
   * The interpreter for a runtime such as `python3.12`: that of the virtual environment that is active or in
   * one of the directories, because it has the packages; else one of this version; else any Python 3.
   * Undefined if there is no interpreter.
   */
  find(runtime: string, directories: readonly string[]): Promise<Python | undefined>;
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
    async find(runtime, directories) {
      const active = process.env.VIRTUAL_ENV;
      const environments = [
        ...(active === undefined ? [] : [active]),
        ...directories.flatMap((directory) => [join(directory, ".venv"), join(directory, "venv")]),
      ];
      const candidates = [
        ...environments.map((directory) => join(directory, BIN, "python")).filter(existsSync),
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

/**
 * The program that runs a handler; the package's own name resolves it both from the sources and from the
 * package.
 */
export function pythonCommand({ executable }: Python): readonly string[] {
  const program = createRequire(import.meta.url).resolve("#python-bootstrap");
  return [executable, "-B", "-u", program]; // -B: as on Lambda, no bytecode is written next to the code
}

/** How to install missing packages for an interpreter. */
export type Installing = {
  /** The command to which `-r FILE` or a package's name is appended. */
  readonly command: string;
  /** The requirements file of the code, relative to the directory of the definition; undefined without one. */
  readonly requirements: string | undefined;
};

/**
 * How to install packages for code in `directory`: into the virtual environment of its interpreter, or into a
 * new one.
 */
export function installingFor(root: string, directory: string, { executable }: Python): Installing {
  const shown = (path: string) => {
    const within = relative(root, path);
    return within.startsWith("..") ? path : within;
  };
  const isEnvironment = existsSync(join(dirname(dirname(executable)), "pyvenv.cfg"));
  const lists = [...new Set([directory, root])].map((at) => join(at, "requirements.txt"));
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
 * Runs the interpreter, because a name on the PATH is not enough: pyenv adds one for every version, usable or
 * not. The interpreter's own path also makes each start faster.
 */
async function askInterpreter(command: string): Promise<Python | undefined> {
  const answer = await run(command, ["-c", WHO_ARE_YOU]);
  const [, executable, version] = /^(.+) (\S+)$/.exec(answer ?? "") ?? [];
  return executable === undefined || version === undefined ? undefined : { executable, version };
}

/** The output of a program; undefined if it does not exist or fails. */
async function run(command: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(command, [...args], { timeout: PATIENCE_MS });
    return stdout.trim();
  } catch {
    return undefined;
  }
}
