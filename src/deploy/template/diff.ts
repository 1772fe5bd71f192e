import { isObject } from "../../readers/cloudformation/rules/tree.ts";
import { type Change, type PropertyChange, SECTIONS } from "./change.ts";
import { notesOn } from "./diff-notes.ts";
import { pathOf } from "./faults.ts";
import {
  canonicalJson,
  isIntrinsic,
  type Json,
  type JsonObject,
  type Resource,
  type Template,
} from "./model.ts";
import { replacementOf } from "./resource-types.ts";
import { referencesIn } from "./template-references.ts";

/**
 * Compares two templates. Replacements are known from AWS's documentation for the types that wsgw creates;
 * only a change set is definitive.
 */
export function diffTemplates(deployed: Template, fresh: Template): readonly Change[] {
  const changes = SECTIONS.flatMap((section) => {
    const before = entriesOf(deployed, section);
    const after = entriesOf(fresh, section);
    const ids = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return ids.flatMap((id) => changeOf(section, id, before[id], after[id]));
  });
  return spread(changes, fresh).map((change) => ({
    ...change,
    notes: notesOn(change, deployed, fresh),
  }));
}

/** `Transform` is a name or an array, and one entry. */
function entriesOf(
  template: Template,
  section: Change["section"],
): Readonly<Record<string, JsonObject>> {
  const value: unknown = template[section];
  if (value === undefined) return {};
  return (section === "Transform" ? { [section]: value } : value) as Record<string, JsonObject>;
}

function changeOf(
  section: Change["section"],
  id: string,
  before: JsonObject | undefined,
  after: JsonObject | undefined,
): readonly Change[] {
  const type = section === "Resources" ? String((after ?? before)?.Type ?? "") : "";
  const base = { section, id, type, notes: [] };
  if (before === undefined || after === undefined) {
    const kind = before === undefined ? "added" : "removed";
    return [{ ...base, kind, properties: [], replacement: "never" }];
  }
  const properties =
    section === "Resources"
      ? resourceChanges(before as unknown as Resource, after as unknown as Resource)
      : differences(before, after, "").map((found) => ({
          ...found,
          replacement: "never" as const,
        }));
  if (properties.length === 0) return [];
  const replaces = properties.some((change) => change.replacement === "always");
  return [{ ...base, kind: "changed", properties, replacement: replaces ? "always" : "never" }];
}

function resourceChanges(before: Resource, after: Resource): readonly PropertyChange[] {
  const { Properties: old = {}, ...oldRest } = before;
  const { Properties: next = {}, ...nextRest } = after;
  return [
    ...differences(oldRest as JsonObject, nextRest as JsonObject, "").map((found) => ({
      ...found,
      replacement: found.path === "Type" ? ("always" as const) : ("never" as const),
    })),
    ...differences(old, next, "").map((found) => ({
      ...found,
      replacement: replacementOf(after.Type, found.path),
    })),
  ];
}

type Difference = Pick<PropertyChange, "path" | "before" | "after">;

/** Compares objects deeply, and arrays of the same length; anything else differs as a whole. */
function differences(
  before: Json | undefined,
  after: Json | undefined,
  path: string,
): readonly Difference[] {
  if (before !== undefined && after !== undefined) {
    if (canonicalJson(before) === canonicalJson(after)) return [];
    if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
      return before.flatMap((item: Json, at) => differences(item, after[at], pathOf(path, at)));
    }
    const plain = !isIntrinsic(before) && !isIntrinsic(after);
    if (plain && isObject(before) && isObject(after)) {
      const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
      return names.flatMap((name) => differences(before[name], after[name], pathOf(path, name)));
    }
  } else if (before === undefined && after === undefined) {
    return [];
  }
  return [{ path, before, after }];
}

/** Marks resources as replaced whose reference to a replaced resource requires replacement. */
function spread(changes: readonly Change[], fresh: Template): readonly Change[] {
  const references = referencesIn(fresh).filter(
    ({ section, kind }) => section === "Resources" && (kind === "Ref" || kind === "GetAtt"),
  );
  const byId = new Map(changes.map((change) => [`${change.section} ${change.id}`, change]));
  const queue = changes.filter(({ replacement }) => replacement === "always");
  for (const { id: replaced } of queue) {
    for (const { from, path, to } of references) {
      const type = fresh.Resources[from]?.Type ?? "";
      if (to !== replaced || replacementOf(type, path) !== "always") continue;
      const known = byId.get(`Resources ${from}`);
      if (known?.kind === "added" || known?.replacement === "always") continue;
      const change: Change = {
        kind: "changed",
        section: "Resources",
        id: from,
        type,
        properties: [
          ...(known?.properties ?? []),
          { path, before: `the old ${to}`, after: `the new ${to}`, replacement: "always" },
        ],
        replacement: "always",
        notes: [],
      };
      byId.set(`Resources ${from}`, change);
      queue.push(change);
    }
  }
  return [...byId.values()].sort((left, right) => rank(left) - rank(right) || order(left, right));
}

function rank({ section }: Change): number {
  return SECTIONS.indexOf(section);
}

function order(left: Change, right: Change): number {
  return left.id < right.id ? -1 : 1;
}
