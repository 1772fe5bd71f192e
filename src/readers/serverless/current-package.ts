import { readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isFile, jsonIn, newerThan } from "../../bundle/directory-files.ts";
import { fieldOf, stringIn } from "../../values/json.ts";
import { withFileLock } from "../file-lock.ts";
import { ageOf } from "../rules/duration-in-words.ts";
import { FOURTH, installedServerless } from "./installed-serverless.ts";
import {
  OUTPUT,
  packagedTemplate,
  packageService,
  type ServiceToPackage,
} from "./package-service.ts";
import { needsAccount } from "./rules/package-command.ts";
import { packagedService } from "./serverless-state.ts";

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

/**
 * The output of the project's own Serverless for a service: the existing package if it is newer than the
 * files, else a new one in the state directory. If packaging needs an account, the last package is used at a
 * start even if it is older. Undefined if Serverless is not installed.
 */
export async function currentPackage(service: ServiceToPackage): Promise<Packaged | undefined> {
  const { file, stateDir, signal, isFollowing } = service;
  const directory = join(stateDir, "serverless");
  const own = new OwnPackages(service, join(directory, "packaged.json"));
  const usable = own.usable();
  if (usable !== undefined) return usable;
  const program = installedServerless(dirname(file));
  if (program === undefined) return undefined;
  if (program.isFourth) return { kind: "failed", problem: FOURTH };
  return withFileLock(join(directory, "package.lock"), signal, async () => {
    const made = own.usable(); // another process may have been faster
    if (made !== undefined) return made;
    const written = await packageService(service, program, join(directory, "copy"));
    if (typeof written === "object") {
      own.keep(written.template, program.name, written.startedAt);
      return own.byWsgw() ?? { kind: "failed", problem: NOTHING_WRITTEN };
    }
    const last = isFollowing || !needsAccount(written) ? undefined : own.last();
    return last ?? { kind: "failed", problem: written };
  });
}

const NOTHING_WRITTEN = "serverless package did not write a template.";

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
