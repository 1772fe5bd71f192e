import { readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { devNull } from "node:os";
import { basename, dirname, join } from "node:path";
import { isFile, jsonIn, newerThan } from "../../bundle/directory-files.ts";
import { fieldOf, stringIn } from "../../values/json.ts";
import { withFileLock } from "../file-lock.ts";
import { type OwnCommand, runOwnCommand } from "../own-command.ts";
import { ageOf } from "../rules/duration-in-words.ts";
import { withoutCredentials } from "../rules/without-credentials.ts";
import { packagedService } from "./packaged-service.ts";
import { needsAccount, type PackageOptions, packageArguments } from "./rules/package-command.ts";
import { copyService } from "./service-copy.ts";

/** Serverless's output directory, in the service's directory. */
const OUTPUT = ".serverless";
const TEMPLATE = "cloudformation-template-update-stack.json";

/** A service to package with its own installation of Serverless. */
export type ServiceToPackage = PackageOptions &
  Pick<OwnCommand, "env" | "signal" | "limitMs"> & {
    /** The file of the service; absolute. */
    readonly file: string;
    /** The files that were read; absolute. */
    readonly inputs: readonly string[];
    readonly stateDir: string;
    /** Whether a changed file caused another read. */
    readonly isFollowing: boolean;
    /** Receives a sentence about the command that runs. */
    readonly report: ((text: string) => void) | undefined;
  };

export type Packaged =
  | {
      readonly kind: "packaged";
      /** The template; absolute. */
      readonly template: string;
      /** A message about how it was created, or when. */
      readonly remark: string;
    }
  /** `problem` is a sentence. */
  | { readonly kind: "failed"; readonly problem: string };

/** The template that `serverless package` writes for a service file; absolute. */
export function packagedTemplate(file: string): string {
  return join(dirname(file), OUTPUT, TEMPLATE);
}

/**
 * The output of the project's own Serverless for a service: the existing package if it is newer than the
 * files, else a new one in the state directory. Undefined if Serverless is not installed.
 */
export async function packageService(service: ServiceToPackage): Promise<Packaged | undefined> {
  const { file, stateDir, signal, isFollowing } = service;
  const directory = join(stateDir, "serverless");
  const own = new OwnPackages(service, join(directory, "packaged.json"));
  const usable = own.usable();
  if (usable !== undefined) return usable;
  const program = programOf(dirname(file));
  if (program === undefined) return undefined;
  if (program.isFourth) return { kind: "failed", problem: FOURTH };
  return withFileLock(join(directory, "package.lock"), signal, async () => {
    const made = own.usable(); // another process may have been faster
    if (made !== undefined) return made;
    const problem = await run(service, program, join(directory, "copy"), own);
    if (problem === undefined) return own.byWsgw() ?? { kind: "failed", problem: NOTHING_WRITTEN };
    const last = isFollowing || !needsAccount(problem) ? undefined : own.last();
    return last ?? { kind: "failed", problem };
  });
}

const FOURTH =
  "Serverless 4 needs a login to package. Run serverless package, and wsgw reads its output.";
const NOTHING_WRITTEN = "serverless package did not write a template.";

type Program = {
  readonly name: string;
  /** Its script; absolute. */
  readonly script: string;
  /** Whether it requires a login. */
  readonly isFourth: boolean;
};

/** The Serverless installed for a directory: osls, or one that packages without an account. */
function programOf(directory: string): Program | undefined {
  const require = createRequire(join(directory, "package.json"));
  for (const name of ["osls", "serverless"]) {
    const manifest = resolved(require, `${name}/package.json`);
    if (manifest === undefined) continue;
    const json = jsonIn(manifest);
    const script = stringIn(fieldOf(json, "bin"), "serverless") ?? "bin/serverless.js";
    const major = Number.parseInt(stringIn(json, "version") ?? "", 10);
    const isFourth = name === "serverless" && major >= 4;
    return { name, script: join(dirname(manifest), script), isFourth };
  }
  return undefined;
}

function resolved(require: NodeJS.Require, module: string): string | undefined {
  try {
    return require.resolve(module);
  } catch {
    return undefined; // it is not installed
  }
}

/** Packages a copy of the service. Returns a sentence if that fails. */
async function run(
  service: ServiceToPackage,
  { name, script }: Program,
  into: string,
  own: OwnPackages,
): Promise<string | undefined> {
  const { file, env, signal, limitMs } = service;
  service.report?.(`Packaging the service: ${name} package`);
  const directory = copyService(dirname(file), into);
  const output = join(directory, OUTPUT);
  const quiet = { SLS_TELEMETRY_DISABLED: "1", SLS_NOTIFICATIONS_MODE: "off" };
  const startedAt = Date.now();
  const failure = await runOwnCommand({
    command: [
      process.execPath,
      script,
      "package",
      ...packageArguments(service, { config: basename(file), output }),
    ],
    cwd: directory,
    env: { ...withoutCredentials(env, devNull), ...quiet },
    signal,
    limitMs,
  });
  if (failure !== undefined) {
    return [`${name} package ${failure.why}.`, ...failure.said].join("\n  ");
  }
  own.keep(join(output, TEMPLATE), name, startedAt);
  return undefined;
}

type Kept = Extract<Packaged, { readonly kind: "packaged" }> & { readonly startedAt: number };

/** The packages of a service, created by wsgw or by its author. */
class OwnPackages {
  readonly #service: ServiceToPackage;
  /** Describes wsgw's package. */
  readonly #note: string;

  constructor(service: ServiceToPackage, note: string) {
    this.#service = service;
    this.#note = note;
  }

  keep(template: string, by: string, startedAt: number): void {
    const note = { template, by, startedAt, from: this.#from() };
    writeFileSync(this.#note, JSON.stringify(note));
  }

  /** The package of the current files. */
  usable(): Packaged | undefined {
    const { inputs } = this.#service;
    return this.#all().find(({ startedAt }) => newerThan(inputs, startedAt).length === 0);
  }

  /** The last package, even if files have changed since. */
  last(): Packaged | undefined {
    const [last] = this.#all();
    if (last === undefined) return undefined;
    const remark = `${last.remark} The service changed since, and packaging it needs an account. To serve the current one, run serverless package.`;
    return { ...last, remark };
  }

  /** The newest first. */
  #all() {
    const all = [this.byWsgw(), this.#byAuthor()].flatMap((each) => each ?? []);
    return all.sort((one, other) => other.startedAt - one.startedAt);
  }

  byWsgw(): Kept | undefined {
    const note = jsonIn(this.#note);
    const template = stringIn(note, "template");
    const startedAt = Number(fieldOf(note, "startedAt"));
    if (template === undefined || !isFile(template)) return undefined;
    if (stringIn(note, "from") !== this.#from()) return undefined;
    const remark = `${stringIn(note, "by")} package read ${basename(this.#service.file)}, which wsgw cannot read itself.`;
    return { kind: "packaged", template, remark, startedAt };
  }

  #byAuthor(): Kept | undefined {
    const { file, given } = this.#service;
    const template = packagedTemplate(file);
    const startedAt = statSync(template, { throwIfNoEntry: false })?.mtimeMs;
    const stage = packagedService(template)?.stage;
    if (startedAt === undefined || (given.stage ?? stage) !== stage) return undefined;
    const age = ageOf(Date.now() - startedAt);
    const remark = `wsgw cannot read ${basename(file)} itself and reads ${OUTPUT}, written ${age} ago.`;
    return { kind: "packaged", template, remark, startedAt };
  }

  /**
   * The inputs of packaging other than files: given values, and the environment variables that the files use.
   */
  #from(): string {
    const { file, given, region, env, inputs } = this.#service;
    const text = inputs.filter(isFile).map((each) => readFileSync(each, "utf8"));
    const names = text.flatMap((each) => [...each.matchAll(/(?:env:|process\.env\.)(\w+)/g)]);
    const variables = names.map(([, name = ""]) => [name, env[name]]);
    return JSON.stringify({ file, given, region, variables });
  }
}
