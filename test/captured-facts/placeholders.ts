import { expect } from "vitest";

/** What placeholders stand for; those that a text shows first are added. */
export type Known = Map<string, string>;

const REQUEST_ID = /[A-Za-z0-9_-]{11}E[A-Za-z0-9_-]{3}=/;
const FORMS: Readonly<Record<string, RegExp>> = {
  CONNECTION_ID: /[A-Za-z0-9_-]{18}==/,
  REQUEST_ID,
  UUID: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/,
  DATE: /(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT/,
};
/** Another one each time that it stands in a text. */
const ISO = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/;
const PLACEHOLDER = /\b(?:ISO_MS_Z|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)\b/g;

/** Fails unless a text is as the captured one with its placeholders; `re:` begins a pattern. */
export function expectText(actual: unknown, captured: string, known: Known): void {
  if (captured.startsWith("re:")) {
    expect(actual).toMatch(new RegExp(captured.slice(3)));
    return;
  }
  const names: string[] = [];
  let source = "";
  let at = 0;
  for (const { 0: name, index } of captured.matchAll(PLACEHOLDER)) {
    const form = formOf(name, known, names);
    if (form === undefined) continue;
    source += escaped(captured.slice(at, index)) + form;
    at = index + name.length;
  }
  source += escaped(captured.slice(at));
  const found = new RegExp(`^${source}$`).exec(String(actual));
  if (found === null) expect(actual).toBe(filled(captured, known)); // fails, and shows both
  names.forEach((name, index) => {
    known.set(name, found?.[index + 1] ?? "");
  });
}

/** The pattern of a placeholder; undefined for a word that is none. */
function formOf(name: string, known: Known, names: string[]): string | undefined {
  const value = known.get(name);
  if (value !== undefined) return escaped(value);
  if (name === "ISO_MS_Z") return ISO.source;
  const form = FORMS[name];
  if (form === undefined) return undefined;
  const before = names.indexOf(name);
  if (before >= 0) return `\\${before + 1}`;
  names.push(name);
  return `(${form.source})`;
}

/** A captured text with what is known in the place of its placeholders. */
export function filled(captured: string, known: Known): string {
  return captured.replace(PLACEHOLDER, (name) => known.get(name) ?? name);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
