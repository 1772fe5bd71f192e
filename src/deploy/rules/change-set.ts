import type { ChangedResource } from "../aws/stacks.ts";

/** `maybe`: CloudFormation decides during the update whether it is replaced. */
export type Effect =
  | "add"
  | "change"
  | "replace"
  | "maybe-replace"
  | "remove"
  | "import"
  | "unknown";

export type PlannedChange = {
  readonly logicalId: string;
  readonly type: string;
  readonly effect: Effect;
  readonly details: readonly string[];
};

const ORDER: readonly Effect[] = [
  "replace",
  "maybe-replace",
  "remove",
  "add",
  "import",
  "change",
  "unknown",
];

/** The effects of a change set, destructive ones first. */
export function planChanges(changes: readonly ChangedResource[]): readonly PlannedChange[] {
  return changes
    .map((change) => ({
      logicalId: change.logicalId,
      type: change.type,
      effect: effectOf(change),
      details: change.details,
    }))
    .sort(
      (a, b) =>
        ORDER.indexOf(a.effect) - ORDER.indexOf(b.effect) || (a.logicalId < b.logicalId ? -1 : 1),
    );
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html */
export function effectOf({ action, replacement }: ChangedResource): Effect {
  switch (action) {
    case "Add":
      return "add";
    case "Remove":
      return "remove";
    case "Import":
      return "import";
    case "Modify":
      if (replacement === "True") return "replace";
      return replacement === "Conditional" ? "maybe-replace" : "change";
    default:
      return "unknown";
  }
}

/** CloudFormation's message for a change set without changes, whose status is FAILED. */
const EMPTY = /didn't contain changes|No updates are to be performed/i;

/** Whether a change set failed only because there is nothing to change. */
export function isEmptyChangeSet(status: string, reason: string | undefined): boolean {
  return status === "FAILED" && EMPTY.test(reason ?? "");
}

/** Whether a ValidationError means that there is nothing to change. */
export function saysNoUpdates(error: { readonly code: string; readonly message: string }): boolean {
  return error.code === "ValidationError" && EMPTY.test(error.message);
}
