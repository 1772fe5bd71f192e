import type { LocalProject } from "../../definition/local-project.ts";
import { successorOf } from "../../definition/runtimes.ts";
import { inWords } from "../../readers/rules/project-files.ts";
import { howToServe, type UnservedFunction } from "../../readers/rules/unserved.ts";
import { blocked, type Finding, good, warning } from "./findings.ts";

/** The result of reading the definition. */
export type ConfigState =
  | { readonly kind: "good"; readonly file: string; readonly apis: readonly string[] }
  | { readonly kind: "faulty"; readonly message: string; readonly hint: string };

export function judgeConfig(config: ConfigState): Finding {
  if (config.kind === "faulty") return blocked("config", config.message, config.hint);
  const { file, apis } = config;
  return good("config", `${file} defines the API${apis.length > 1 ? "s" : ""} ${inWords(apis)}.`);
}

/** A sentence about one function, and how to fix it. */
type FunctionFault = { readonly said: string; readonly advice: string };

/** `warnings` are sentences, each about one function. */
export type FunctionsState = {
  readonly count: number;
  /** Interpreters and programs of functions in other languages, once each. */
  readonly programs: readonly string[];
  readonly faults: readonly FunctionFault[];
  readonly warnings: readonly string[];
};

export function judgeFunctions(state: FunctionsState): readonly Finding[] {
  const { count, programs, faults, warnings } = state;
  if (faults.length > 0) {
    return faults.map(({ said, advice }) => blocked("functions", said, advice));
  }
  const by = programs.length === 0 ? "" : ` Run by ${programs.join(", ")}.`;
  const those =
    count === 1 ? "The handler of 1 function is" : `The handlers of ${count} functions are`;
  return [
    good("functions", `${those} there.${by}`),
    ...warnings.map((said) => warning("functions", said)),
  ];
}

/** One warning for each runtime that Lambda rejects for new functions. */
export function judgeRuntimes(functions: LocalProject["functions"]): readonly Finding[] {
  const all = Object.values(functions);
  return [...new Set(all.map(({ runtime }) => runtime))].flatMap((runtime) => {
    const successor = successorOf(runtime);
    if (successor === undefined) return [];
    const names = all.filter((fn) => fn.runtime === runtime).map(({ name }) => name);
    const said = `Lambda rejects new functions with ${runtime}, the runtime of ${inWords(names)}.`;
    return [warning("functions", said, `Change it to ${successor}.`)];
  });
}

export function judgeUnserved(unserved: readonly UnservedFunction[]): readonly Finding[] {
  const inS3 = unserved.filter(({ isInS3 }) => isInS3);
  const [first] = inS3;
  if (first === undefined) return [];
  const said = `The code of ${inWords(inS3.map(({ key }) => key))} is in S3, and wsgw does not download it.`;
  return [warning("functions", said, howToServe(first))];
}

/** A package.json near the functions' code, and its packages that are not installed. */
export type MissingPackages = {
  /** Directory of the package.json, relative to the definition's. */
  readonly directory: string;
  readonly names: readonly string[];
};

export function judgePackages(missing: readonly MissingPackages[]): readonly Finding[] {
  return missing.map(({ directory, names }) => {
    const file = directory === "" ? "package.json" : `${directory}/package.json`;
    const those = names.length === 1 ? "is" : "are";
    const advice = directory === "" ? "Run npm install." : `Run npm install in ${directory}.`;
    return warning(
      "functions",
      `${file} lists ${inWords(names)}, which ${those} not installed.`,
      advice,
    );
  });
}

/** The error in the tables' seed files, if any. */
export function judgeSeeds(
  fault: { readonly message: string; readonly hint: string } | undefined,
): readonly Finding[] {
  return fault === undefined ? [] : [blocked("tables", fault.message, fault.hint)];
}

export function judgeGateways(urls: readonly string[]): Finding {
  if (urls.length === 0) return good("gateway", "No gateway of this project runs.");
  return good("gateway", `A gateway of this project runs: ${urls.join(", ")}.`);
}

/** One file with a certificate authority. */
export type AuthorityState =
  | { readonly kind: "absent" }
  | { readonly kind: "unreadable"; readonly file: string; readonly why: string }
  | { readonly kind: "broken"; readonly file: string }
  | {
      readonly kind: "kept";
      readonly file: string;
      readonly name: string;
      /** Epoch ms. */
      readonly validUntil: number;
    };

const DAY_MS = 24 * 60 * 60 * 1000;
/** A gateway that starts less than this long before the end creates a new authority. */
const RENEWED_DAYS = 30;

/** `now` in epoch ms. */
export function judgeAuthority(state: AuthorityState, now: number): Finding {
  switch (state.kind) {
    case "absent":
      return good("certificates", "No certificate authority yet. The first wsgw dev creates it.");
    case "unreadable":
      return blocked(
        "certificates",
        `${state.file} cannot be read: ${state.why}.`,
        "Make it readable for this user. Or delete its directory, and trust the new authority as wsgw cert shows.",
      );
    case "broken":
      return warning(
        "certificates",
        `${state.file} does not contain a usable authority.`,
        "The next wsgw dev creates a new one. Trust it as wsgw cert shows.",
      );
    case "kept":
      return judgeKept(state, now);
    default:
      return state satisfies never;
  }
}

function judgeKept(state: AuthorityState & { readonly kind: "kept" }, now: number): Finding {
  const end = new Date(state.validUntil).toISOString().slice(0, 10);
  const said = `The certificate authority ${state.name} is valid until ${end}`;
  const days = Math.floor((state.validUntil - now) / DAY_MS);
  if (days > RENEWED_DAYS) return good("certificates", `${said}.`);
  return warning(
    "certificates",
    days < 0 ? `The certificate authority ${state.name} expired on ${end}.` : `${said} only.`,
    "The next wsgw dev creates a new one. Trust it as wsgw cert shows.",
  );
}

/** The project's `.wsgw`, and its disk. */
export type StateDirectory = {
  readonly directory: string;
  /** Why it cannot be written; undefined if it can. */
  readonly problem: string | undefined;
  /** Undefined if unknown. */
  readonly freeBytes: number | undefined;
};

const MB = 1024 * 1024;
/** Bundles of a few functions, with their source maps. Assumed: enough for ordinary projects. */
const LITTLE_BYTES = 500 * MB;
const TOO_LITTLE_BYTES = 20 * MB;

export function judgeState({ directory, problem, freeBytes }: StateDirectory): Finding {
  if (problem !== undefined) {
    return blocked(
      "state",
      `${directory} cannot be written: ${problem}.`,
      "Give this user write permission there. It contains certificates and the address of the running gateway.",
    );
  }
  if (freeBytes === undefined) return good("state", `${directory} is writable.`);
  const free = `${Math.floor(freeBytes / MB)} MB free`;
  if (freeBytes < TOO_LITTLE_BYTES) {
    return blocked("state", `The disk of ${directory} is full: ${free}.`, "Free some space.");
  }
  if (freeBytes < LITTLE_BYTES) {
    return warning(
      "state",
      `The disk of ${directory} is nearly full: ${free}.`,
      "Free some space.",
    );
  }
  return good("state", `${directory} is writable; ${free}.`);
}
