import type { Effect, PlannedChange } from "./change-set.ts";

/** The changes that would lose a table's items. */
export function losesData(changes: readonly PlannedChange[]): readonly PlannedChange[] {
  const losing: readonly Effect[] = ["replace", "maybe-replace", "remove"];
  return changes.filter(
    ({ type, effect }) => type === "AWS::DynamoDB::Table" && losing.includes(effect),
  );
}
