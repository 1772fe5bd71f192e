import type { ChalkInstance } from "chalk";
import type { DeployStep, Diagnosis, Effect, PlannedChange } from "../../src/app.ts";
import { printable } from "../terminal/control-characters.ts";

const STEPS: Readonly<Record<DeployStep, string>> = {
  roles: "Verifying account and roles",
  preconditions: "Verifying AWS preconditions",
  code: "Creating code bundles",
  upload: "Uploading code",
  stack: "Ensuring CloudFormation stack",
  cleanup: "Removing uploaded code",
};

export function stepName(step: DeployStep): string {
  return STEPS[step];
}

const RULER_WIDTH = 48;

export function ruler(title: string, paint: ChalkInstance): string {
  return `${paint.bold(title)} ${paint.dim("▬".repeat(RULER_WIDTH - title.length))}`;
}

/** Bytes for a person: `512 B`, `14.1 kB`, `2.1 MB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 999_950 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

const SIGNS: Readonly<Record<Effect, { readonly sign: string; readonly word: string }>> = {
  add: { sign: "+", word: "added" },
  change: { sign: "~", word: "changed" },
  replace: { sign: "±", word: "REPLACED" },
  "maybe-replace": { sign: "±", word: "changed, perhaps REPLACED" },
  remove: { sign: "-", word: "removed" },
  import: { sign: "+", word: "imported" },
  unknown: { sign: "?", word: "changed" },
};

/** The effects of a change set, one line per resource. */
export function changeLines(
  changes: readonly PlannedChange[],
  paint: ChalkInstance,
): readonly string[] {
  return changes.map(({ effect, logicalId, type, details }) => {
    const { sign, word } = SIGNS[effect];
    const what = details.length === 0 ? "" : `: ${details.join(", ")}`;
    const text = `${sign} ${logicalId}  ${paint.dim(type)}  ${word}${what}`;
    if (effect === "add" || effect === "import") return paint.green(text);
    return effect === "change" || effect === "unknown" ? paint.yellow(text) : paint.red(text);
  });
}

/** Why it failed: the root cause, other failures, and what to do. */
export function diagnosisLines(
  { cause, others, hint }: Diagnosis,
  paint: ChalkInstance,
): readonly string[] {
  const line = ({ logicalId, type, reason }: NonNullable<Diagnosis["cause"]>) =>
    `${logicalId} (${type}): ${printable(reason)}`;
  return [
    ...(cause === undefined ? [] : [paint.red(line(cause))]),
    ...others.map((other) => paint.dim(`also ${line(other)}`)),
    paint.dim(hint),
  ];
}
