import type { ChangedResource } from "../aws/stacks.ts";
import { type Effect, effectOf } from "./change-set.ts";

/**
 * Changes that `--code-only` cannot make, each as a sentence. `own` are the definition's functions; a hook
 * may have added others.
 */
export function beyondCode(
  changes: readonly ChangedResource[],
  own: ReadonlySet<string>,
): readonly string[] {
  return changes.flatMap((change) => {
    const effect = effectOf(change);
    const name = `${change.logicalId} (${change.type})`;
    if (effect !== "change") return [`${name}: ${EFFECT_WORDS[effect]}`];
    if (change.type !== "AWS::Lambda::Function") return [`${name}: would be changed`];
    // Without details, as from servers other than AWS, the change counts as one of code.
    const others = change.details.filter((detail) => detail !== "Code");
    if (others.length > 0) return [`${name}: ${others.join(", ")} would be changed`];
    return own.has(change.logicalId) ? [] : [`${name}: its code is not from the definition`];
  });
}

const EFFECT_WORDS: Readonly<Record<Effect, string>> = {
  add: "would be added",
  change: "would be changed",
  replace: "would be replaced",
  "maybe-replace": "might be replaced",
  remove: "would be removed",
  import: "would be imported",
  unknown: "would be changed in a way that wsgw does not know",
};
