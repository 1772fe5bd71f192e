import { expect, test } from "vitest";
import {
  consequencesOf,
  type FactNode,
  factTree,
} from "../../../../src/emulator/journal/rules/cause-tree.ts";

type Placed = { readonly id: number; readonly causedBy?: number };

const entries: readonly Placed[] = [
  { id: 11, causedBy: 3 },
  { id: 12 },
  { id: 13, causedBy: 12 },
  { id: 14, causedBy: 11 },
  { id: 15, causedBy: 13 },
  { id: 16, causedBy: 12 },
];

/** Ids with those below them in brackets. */
function idsOf(nodes: readonly FactNode<Placed>[]): string {
  return nodes
    .map(({ entry, children }) =>
      children.length === 0 ? entry.id : `${entry.id}(${idsOf(children)})`,
    )
    .join(" ");
}

test("each fact is below its cause, in the order of the journal", () => {
  expect(idsOf(factTree(entries))).toBe("11(14) 12(13(15) 16)");
});

test("the consequences of a fact are itself and all that followed, whatever else happened", () => {
  expect(consequencesOf(entries, 12).map(({ id }) => id)).toEqual([12, 13, 15, 16]);
  expect(consequencesOf(entries, 14).map(({ id }) => id)).toEqual([14]);
  expect(consequencesOf(entries, 99)).toEqual([]);
});
