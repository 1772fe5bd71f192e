/** How a run must start, depending on the stack's state. */
export type Start =
  | { readonly kind: "create" }
  | { readonly kind: "update" }
  /** Another operation is running: wait for its end, then check again. */
  | { readonly kind: "attach"; readonly status: string }
  /** The stack must be deleted first: its creation failed. */
  | { readonly kind: "replace"; readonly status: string }
  | { readonly kind: "stuck"; readonly status: string; readonly advice: string };

/**
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html for the status codes. REVIEW_IN_PROGRESS is a stack with only a change set.
 */
export function decideStart(status: string | undefined, stackName: string): Start {
  if (status === undefined || status === "REVIEW_IN_PROGRESS" || status === "DELETE_COMPLETE") {
    return { kind: "create" };
  }
  if (status.endsWith("_IN_PROGRESS")) return { kind: "attach", status };
  if (FAILED_AT_BIRTH.includes(status)) return { kind: "replace", status };
  if (status.endsWith("ROLLBACK_FAILED")) {
    return { kind: "stuck", status, advice: continueAdvice(stackName) };
  }
  return { kind: "update" };
}

const FAILED_AT_BIRTH: readonly string[] = [
  "ROLLBACK_COMPLETE",
  "ROLLBACK_FAILED",
  "CREATE_FAILED",
  "DELETE_FAILED",
];

function continueAdvice(stackName: string): string {
  return (
    "Fix what stopped the rollback, then continue it: " +
    `aws cloudformation continue-update-rollback --stack-name ${stackName} ` +
    "(--resources-to-skip LOGICAL_ID skips what you cannot fix)."
  );
}

/** The end of an operation on a stack, or that it is still running. */
export type Ending = "running" | "done" | "deleted" | "failed";

/** `UPDATE_COMPLETE_CLEANUP_IN_PROGRESS` counts as running: no other operation can start before its end. */
export function endingOf(status: string): Ending {
  if (status.endsWith("_IN_PROGRESS")) return "running";
  if (status === "DELETE_COMPLETE") return "deleted";
  if (["CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"].includes(status)) return "done";
  return "failed";
}
