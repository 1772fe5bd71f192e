import { isObject } from "../../readers/cloudformation/rules/tree.ts";
import { type Change, type PropertyChange, SECTIONS } from "./change.ts";
import { canonicalJson, type Json } from "./model.ts";

const MARKS = { added: "+", changed: "~", removed: "-" } as const;
const REPLACEMENTS = {
  never: "",
  always: "  (replaced)",
} as const;
/** Resources first, because most changes are about them. */
const SHOWN = ["Resources", ...SECTIONS.filter((section) => section !== "Resources")] as const;
const LONGEST_VALUE = 100;

/**
 * The changes as plain text. A line begins with + for added, - for removed and ~ for changed entries; details
 * are indented. Also reports that there are no changes.
 */
export function renderDiff(changes: readonly Change[]): string {
  if (changes.length === 0) return "Nothing would change.\n";
  const sections = SHOWN.flatMap((section) => {
    const own = changes.filter((change) => change.section === section);
    const width = Math.max(0, ...own.map(({ id }) => id.length));
    return own.length === 0 ? [] : [section, ...own.flatMap((change) => lines(change, width)), ""];
  });
  return `${[...sections, summary(changes)].join("\n")}\n`;
}

function lines(change: Change, width: number): readonly string[] {
  const { kind, id, type, replacement, properties, notes } = change;
  const head = `${MARKS[kind]} ${id.padEnd(width)}  ${type}`.trimEnd();
  return [
    `${head}${REPLACEMENTS[replacement]}`,
    ...properties.map((property) => `    ${propertyLine(property)}`),
    ...notes.map((note) => `    ! ${note}`),
  ];
}

function propertyLine({ path, before, after, replacement }: PropertyChange): string {
  const because = replacement === "never" ? "" : REPLACEMENTS[replacement];
  if (before === undefined) return `+ ${path}: ${shown(after)}${because}`;
  if (after === undefined) return `- ${path}: ${shown(before)}${because}`;
  return `~ ${path}: ${shown(before)} -> ${shown(after)}${because}`;
}

/** References in YAML syntax, the rest as JSON. */
function shown(value: Json | undefined): string {
  const text = short(value ?? null);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

function short(value: Json): string {
  if (isObject(value) && Object.keys(value).length === 1) {
    const { Ref, "Fn::Sub": text, "Fn::GetAtt": attribute } = value;
    if (typeof Ref === "string") return `!Ref ${Ref}`;
    if (typeof text === "string") return `!Sub ${text}`;
    if (Array.isArray(attribute)) return `!GetAtt ${attribute.join(".")}`;
  }
  return typeof value === "string" ? JSON.stringify(value) : canonicalJson(value);
}

function summary(changes: readonly Change[]): string {
  const resources = changes.filter(({ section }) => section === "Resources");
  const count = (test: (change: Change) => boolean): number => resources.filter(test).length;
  const parts = [
    `${count(({ kind }) => kind === "added")} to add`,
    `${count(({ kind }) => kind === "changed")} to change`,
    `${count(({ kind }) => kind === "removed")} to remove`,
  ];
  const replaced = count(({ replacement }) => replacement === "always");
  return `Resources: ${parts.join(", ")}${replaced === 0 ? "" : `; ${replaced} of them replaced`}.`;
}
