import type { Diagnosis } from "./root-cause.ts";

/** A diagnosis in a few lines: the root cause first, then what else failed. */
export function describeFailure({ cause, others }: Diagnosis): string {
  if (cause === undefined) return "CloudFormation tells of no resource that failed.";
  return [cause, ...others]
    .map(({ logicalId, type, reason }) => `${logicalId} (${type}): ${reason}`)
    .join("\n");
}
