import { nearest } from "../values/nearest.ts";
/** Where in a definition something is: the keys that lead to it. */
export type Path = readonly (string | number)[];

/** What is wrong at a place of a definition, with what to do about it. */
export type Fault = readonly [path: Path, problem: string];

/** What to do about the faults of a definition that was made of a template, in place of the advice of CONFIG_INVALID. */
export const TEMPLATE_HINT =
  "Correct the template, or what fromTemplate() adds to it; docs/your-project.md says what wsgw reads.";

/** Takes one fault. */
export type Report = (path: Path, problem: string) => void;

/** What the checks need of the gateway's rules, handed in because the definition imports none of them. */
export type ParseExpression = (
  source: string,
) => { readonly kind: "ok" } | { readonly kind: "invalid"; readonly problem: string };

const PLAIN_KEY = /^[$\w-]+$/;

/** A path as one would write it in JavaScript, hyphens forgiven. */
export function placeOf(path: Path): string {
  return path.reduce<string>((place, key) => {
    if (typeof key === "number") return `${place}[${key}]`;
    if (!PLAIN_KEY.test(key)) return `${place}[${JSON.stringify(key)}]`;
    return place === "" ? key : `${place}.${key}`;
  }, "");
}

/** A fault in one sentence that begins with its path. */
export function sentenceOf([path, problem]: Fault): string {
  return `${placeOf(path)}: ${problem}`;
}

const SHOWN_CHARACTERS = 60;

/** A value as a fault names it: JSON, cut when it is long. */
export function shown(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (typeof value === "number") return String(value); // NaN and Infinity are null in JSON
  const text = toJson(value) ?? otherText(value);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}

function otherText(value: unknown): string {
  return typeof value === "object" && value !== null
    ? "an object that holds itself"
    : String(value);
}

function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined; // bigint, circles
  }
}

/** `; did you mean "x"?` with the candidate nearest to `name`; `undefined` when none is near. */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  const near = nearest(name, candidates);
  return near === undefined ? undefined : `; did you mean "${near}"?`;
}
