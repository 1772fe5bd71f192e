import { accessSync, constants } from "node:fs";
import { delimiter, join, relative, resolve } from "node:path";
import { familyOf, type ProgramFields, placeOfProgram } from "../definition/runtimes.ts";
import type { FailureInputs } from "../errors.ts";
import { filesBelow, isDirectory, isFile } from "./directory-files.ts";
import {
  createPythons,
  type Installing,
  installingFor,
  type Python,
  type Pythons,
  pythonCommand,
} from "./python.ts";

/** A function that is its own process, as far as a definition shows it. */
export type ProgramRef = ProgramFields & {
  readonly name: string;
  /**
   * Code root, to which code and handler are relative; relative to the definition's directory. Default: that
   * directory.
   */
  readonly root?: string;
  /** Directories, relative to the definition's. Default: none. */
  readonly layers?: readonly string[];
};

/** The program of such a function, ready to start. */
export type ProgramCode = {
  readonly functionName: string;
  readonly command: readonly string[];
  /** Directory of the code, `/var/task` on AWS. */
  readonly directory: string;
  /** The handler that the program receives. */
  readonly handler: string;
  /** The author's files from which it may be built. */
  readonly inputs: readonly string[];
  /** The interpreter that runs it, if it is Python. */
  readonly python?: ProgramPython;
};

export type ProgramPython = Python & { readonly runtime: string; readonly installing: Installing };

/** The results for programs; errors are sentences, one for each that cannot start. */
type Programs = {
  readonly programs: readonly ProgramCode[];
  readonly faults: readonly string[];
  /** What the errors depend on. */
  readonly failureInputs: FailureInputs;
};

export type ProgramFinder = { find(refs: readonly ProgramRef[]): Promise<Programs> };

type Found =
  | { readonly kind: "found"; readonly command: readonly string[]; readonly python?: ProgramPython }
  | { readonly kind: "fault"; readonly fault: string; readonly missing: readonly string[] };

/** Creates a finder of the project's programs; `without` are directories without code. */
export function createProgramFinder(root: string, without: readonly string[]): ProgramFinder {
  const pythons = createPythons();
  const filesOf = (ref: ProgramRef) =>
    filesBelow(resolve(root, ref.root ?? ".", placeOfProgram(ref).directory), without);

  return {
    async find(refs) {
      const results = await Promise.all(
        refs.map(async (ref) => [ref, await locate(root, pythons, ref)] as const),
      );
      return {
        programs: results.flatMap(([ref, found]) =>
          found.kind === "found" ? [codeOf(root, ref, found, filesOf(ref))] : [],
        ),
        faults: results.flatMap(([, found]) => (found.kind === "fault" ? [found.fault] : [])),
        failureInputs: {
          read: results.flatMap(([ref]) => filesOf(ref)),
          missing: results.flatMap(([, found]) => (found.kind === "fault" ? found.missing : [])),
        },
      };
    },
  };
}

function codeOf(
  root: string,
  ref: ProgramRef,
  { command, python }: Found & { readonly kind: "found" },
  inputs: readonly string[],
): ProgramCode {
  const { directory, handler } = placeOfProgram(ref);
  const at = resolve(root, ref.root ?? ".", directory);
  const code = { functionName: ref.name, command, directory: at, handler, inputs };
  return python === undefined ? code : { ...code, python };
}

async function locate(root: string, pythons: Pythons, ref: ProgramRef): Promise<Found> {
  const { directory, handler } = placeOfProgram(ref);
  const at = resolve(root, ref.root ?? ".", directory);
  if (!isDirectory(at)) {
    return fault(
      ref,
      `has its code in ${relative(root, at)}, which is not a directory. Create it or correct the ${ref.code === undefined ? "handler" : "code"}.`,
      at,
    );
  }
  if (ref.command !== undefined) return locateCommand(root, ref, ref.command, at);
  if (familyOf(ref.runtime) === "python") return locatePython(root, pythons, ref, at);
  const program = ref.runtime === "go1.x" ? handler : "bootstrap";
  return locateExecutable(root, ref, [join(at, program)]);
}

function locateExecutable(
  root: string,
  ref: ProgramRef,
  command: readonly [file: string, ...args: string[]],
): Found {
  const [file] = command;
  const shown = relative(root, file);
  if (!isFile(file)) {
    return fault(ref, `runs ${shown}, which does not exist. Build it, or correct its path.`, file);
  }
  if (!isExecutable(file)) {
    return fault(ref, `runs ${shown}, which is not executable. Run chmod +x ${shown}.`);
  }
  return { kind: "found", command };
}

function locateCommand(
  root: string,
  ref: ProgramRef,
  command: readonly string[],
  directory: string,
): Found {
  const [program = "", ...args] = command;
  if (program.includes("/"))
    return locateExecutable(root, ref, [resolve(directory, program), ...args]);
  const directories = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  if (directories.some((place) => isExecutable(join(place, program)))) {
    return { kind: "found", command };
  }
  return fault(ref, `runs ${program}, which is not on the PATH. Install it, or correct command.`);
}

/** Directories of a layer with Python packages. */
const PACKAGES = [
  () => "python",
  (runtime: string) => `python/lib/${runtime}/site-packages`,
] as const;

async function locatePython(
  root: string,
  pythons: Pythons,
  ref: ProgramRef,
  directory: string,
): Promise<Found> {
  const module = ref.handler.slice(0, ref.handler.lastIndexOf(".")).replaceAll(".", "/");
  const python = await pythons.find(ref.runtime, [...new Set([directory, root])]);
  const file = join(directory, `${module}.py`);
  const isThere = isFile(file) || isDirectory(join(directory, module));
  const missing = `has the handler ${ref.handler}, but ${relative(root, file)} does not exist. Create the file or correct the handler.`;
  if (python === undefined) {
    const also = isThere ? "" : ` It also ${missing}`;
    return fault(
      ref,
      `needs Python, but neither ${ref.runtime} nor python3 is installed. Install Python.${also}`,
      file,
    );
  }
  // A handler may be in a layer or an installed package, as monitoring tools have it.
  const [top = ""] = module.split("/");
  const isInLayer = (ref.layers ?? [])
    .flatMap((layer) => PACKAGES.map((packages) => resolve(root, layer, packages(ref.runtime))))
    .some((place) => isFile(join(place, `${module}.py`)) || isDirectory(join(place, module)));
  if (
    !(isThere || isInLayer) &&
    (isDirectory(join(directory, top)) || !(await pythons.has(python, top)))
  ) {
    return fault(ref, missing, file, join(directory, module, "__init__.py"));
  }
  const command = pythonCommand(python);
  const installing = installingFor(root, directory, python);
  return { kind: "found", command, python: { ...python, runtime: ref.runtime, installing } };
}

function fault(ref: ProgramRef, problem: string, ...missing: string[]): Found {
  return { kind: "fault", fault: `Function "${ref.name}" ${problem}`, missing };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return isFile(path);
  } catch {
    return false;
  }
}
