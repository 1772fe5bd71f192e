import { placeOf } from "../../../definition/faults.ts";
import type { Origin } from "./origins.ts";

/** What is wrong with a template, or what its author should know. */
export type Finding = {
  /** An error keeps the template from being served. */
  readonly severity: "error" | "warning";
  readonly origin: Origin | undefined;
  /** One sentence, with what to do. */
  readonly problem: string;
  /** The property that a resource lacks: SAM and CloudFormation both look for it, and it is reported once. */
  readonly missing?: string;
};

export type Report = (finding: Finding) => void;

/** Whether both say that the same resource lacks the same property. */
export function isSameLack(one: Finding, other: Finding): boolean {
  const resourceOf = ({ origin }: Finding) => [origin?.file, ...(origin?.path.slice(0, 2) ?? [])];
  return one.missing === other.missing && resourceOf(one).join() === resourceOf(other).join();
}

/** A finding as a person reads it: `template.yaml:3:5: Resources.Chat.Properties.Runtime: …`. */
export function sentenceOf({ origin, problem }: Finding, at: string | undefined): string {
  if (origin === undefined || at === undefined) return problem;
  return origin.path.length === 0
    ? `${at}: ${problem}`
    : `${at}: ${placeOf(origin.path)}: ${problem}`;
}

/** Findings as their author meets them when reading; those without a place come first. */
export function inOrder(findings: readonly Finding[]): readonly Finding[] {
  const line = ({ origin }: Finding) => origin?.line ?? 0;
  return [...findings].sort((one, other) => line(one) - line(other));
}
