import { blocked, type Finding, good, warning } from "./findings.ts";

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
