import { placeOf } from "../../../definition/faults.ts";
import type { Origin } from "./origins.ts";

/** An error in a template, or a message for its author. */
export type Finding = {
  /** An error prevents the template from being served. */
  readonly severity: "error" | "warning";
  readonly origin: Origin | undefined;
  /** One sentence, including what to do. */
  readonly problem: string;
  /** The missing property of a resource: both SAM and CloudFormation require it, but it is reported once. */
  readonly missing?: string;
};

export type Report = (finding: Finding) => void;

/** Whether both report the same missing property of the same resource. */
export function isSameLack(one: Finding, other: Finding): boolean {
  const resourceOf = ({ origin }: Finding) => [origin?.file, ...(origin?.path.slice(0, 2) ?? [])];
  return one.missing === other.missing && resourceOf(one).join() === resourceOf(other).join();
}

/** A finding as a message: `template.yaml:3:5: Resources.Chat.Properties.Runtime: …`. */
export function sentenceOf({ origin, problem }: Finding, at: string | undefined): string {
  if (origin === undefined || at === undefined) return problem;
  return origin.path.length === 0
    ? `${at}: ${problem}`
    : `${at}: ${placeOf(origin.path)}: ${problem}`;
}

/** Findings in the order of the file; those without a place come first. */
export function inOrder(findings: readonly Finding[]): readonly Finding[] {
  const line = ({ origin }: Finding) => origin?.line ?? 0;
  return [...findings].sort((one, other) => line(one) - line(other));
}
