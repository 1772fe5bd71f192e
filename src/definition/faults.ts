import { nearest } from "../values/nearest.ts";
/** The keys that lead to a part of a definition. */
export type Path = readonly (string | number)[];

/** An error at a place of a definition, with what to do about it. */
export type Fault = readonly [path: Path, problem: string];

/** Advice for errors in a template's definition, which replaces that of CONFIG_INVALID. */
export const TEMPLATE_HINT =
  "Correct the template, or the additions in fromTemplate(). docs/your-project.md lists what wsgw reads.";

/** Receives one error. */
export type Report = (path: Path, problem: string) => void;

/** The gateway's rule that the checks use, passed in because the definition does not import the gateway. */
export type ParseExpression = (
  source: string,
) => { readonly kind: "ok" } | { readonly kind: "invalid"; readonly problem: string };

const PLAIN_KEY = /^[$\w-]+$/;

/** A path in JavaScript syntax, except that hyphens need no quotes. */
export function placeOf(path: Path): string {
  return path.reduce<string>((place, key) => {
    if (typeof key === "number") return `${place}[${key}]`;
    if (!PLAIN_KEY.test(key)) return `${place}[${JSON.stringify(key)}]`;
    return place === "" ? key : `${place}.${key}`;
  }, "");
}

/** An error as one sentence that begins with its path. */
export function sentenceOf([path, problem]: Fault): string {
  return `${placeOf(path)}: ${problem}`;
}

const SHOWN_CHARACTERS = 60;

/** A value in messages: JSON, truncated if long. */
export function shown(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (typeof value === "number") return String(value); // NaN and Infinity are null in JSON
  const text = toJson(value) ?? otherText(value);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}

function otherText(value: unknown): string {
  return typeof value === "object" && value !== null
    ? "an object that contains itself"
    : String(value);
}

function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined; // bigint, circular structures
  }
}

/** `. Did you mean "x"?` with the most similar candidate; `undefined` if none is similar. */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  const near = nearest(name, candidates);
  return near === undefined ? undefined : `. Did you mean "${near}"?`;
}
