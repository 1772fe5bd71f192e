import type { FactId } from "../journal.ts";

/** A fact with the facts that it caused, oldest first. */
export type FactNode<Entry> = {
  readonly entry: Entry;
  readonly children: readonly FactNode<Entry>[];
};

/** The fields of an entry that determine its place. */
type Placed = { readonly id: FactId; readonly causedBy?: FactId };

/**
 * Builds the tree of causes. Roots are facts without a cause, or whose cause is not among `entries`. A cause
 * is always recorded before its effects, so `entries` must be in the journal's order.
 */
export function factTree<Entry extends Placed>(
  entries: readonly Entry[],
): readonly FactNode<Entry>[] {
  type Growing = { readonly entry: Entry; readonly children: Growing[] };
  const roots: Growing[] = [];
  const nodes = new Map<FactId, Growing>();
  for (const entry of entries) {
    const node: Growing = { entry, children: [] };
    const parent = entry.causedBy === undefined ? undefined : nodes.get(entry.causedBy);
    (parent?.children ?? roots).push(node);
    nodes.set(entry.id, node);
  }
  return roots;
}

/** A fact and all its consequences, in the journal's order. */
export function consequencesOf<Entry extends Placed>(
  entries: readonly Entry[],
  id: FactId,
): readonly Entry[] {
  const found = new Set<FactId>([id]);
  return entries.filter((entry) => {
    const follows = entry.causedBy !== undefined && found.has(entry.causedBy);
    if (follows) found.add(entry.id);
    return follows || entry.id === id;
  });
}
