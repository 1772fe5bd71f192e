import { isObject } from "../../../values/json.ts";

/** Values of parameters, and parse errors. */
export type Overrides = {
  readonly values: Readonly<Record<string, string>>;
  /** One sentence each. */
  readonly faults: readonly string[];
};

const QUOTED = String.raw`"(?:\\.|[^"\\])*"|'[^']*'`;
const VALUE = String.raw`(?:${QUOTED}|(?:\\.|[^\s"\\])*)`;
const NAME = String.raw`[^\s=,"']+`;
const PAIRS = [
  new RegExp(`ParameterKey=(${QUOTED}|${NAME}),ParameterValue=(${VALUE})(?=\\s|$)`, "sy"),
  new RegExp(`(${QUOTED}|${NAME})=(${VALUE})(?=\\s|$)`, "sy"),
];
/** One array item or command-line argument, unquoted by the shell. */
const ARGUMENT = new RegExp(`^(${NAME})=(.*)$`, "s");

/**
 * Parses parameter overrides in each of SAM's forms: `A=B C="x y"`, `ParameterKey=A,ParameterValue=B`, an
 * array of these, or an object. The last value of a name counts.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-cli-command-reference-sam-deploy.html
 */
export function readOverrides(written: unknown): Overrides {
  const values = new Map<string, string>();
  const faults: string[] = [];
  const read = (item: unknown, isArgument: boolean): void => {
    if (typeof item === "string") readText(item, isArgument, values, faults);
    else if (Array.isArray(item)) for (const each of item) read(each, true);
    else if (isObject(item)) readTable(item, values, faults);
    else faults.push(`${JSON.stringify(item)} is not a parameter override. Write NAME=VALUE.`);
  };
  read(written, false);
  return { values: Object.fromEntries(values), faults };
}

function readTable(
  table: Readonly<Record<string, unknown>>,
  values: Map<string, string>,
  faults: string[],
): void {
  for (const [name, value] of Object.entries(table)) {
    const text = Array.isArray(value) ? value.map(textOf) : [textOf(value)];
    if (text.includes(undefined)) {
      faults.push(
        `The value of parameter ${JSON.stringify(name)} must be a string, a number, a boolean, or an array of these.`,
      );
    } else values.set(name, text.join(","));
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === "object" || value === undefined ? undefined : String(value);
}

function readText(
  text: string,
  isArgument: boolean,
  values: Map<string, string>,
  faults: string[],
): void {
  const found: [string, string][] = [];
  let at = 0;
  while (at < text.length) {
    at += /^\s*/.exec(text.slice(at))?.[0].length ?? 0;
    if (at === text.length) break;
    const pair = pairAt(text, at);
    if (pair === undefined) {
      const [, name, value] = (isArgument && ARGUMENT.exec(text)) || [];
      if (name === undefined || value === undefined) faults.push(faultOf(text, at));
      else values.set(name, value);
      return;
    }
    found.push([unquoted(pair[1] ?? ""), unquoted(pair[2] ?? "")]);
    at += pair[0].length;
  }
  for (const [name, value] of found) values.set(name, value);
}

function pairAt(text: string, at: number): RegExpExecArray | undefined {
  for (const pattern of PAIRS) {
    pattern.lastIndex = at;
    const pair = pattern.exec(text);
    if (pair !== null) return pair;
  }
  return undefined;
}

function faultOf(text: string, at: number): string {
  const rest = JSON.stringify(text.slice(at));
  return text.startsWith("file://")
    ? `${rest}: wsgw does not read overrides from files. Write NAME=VALUE.`
    : `${rest} is not a parameter override. Write NAME=VALUE, and put values with spaces in quotes.`;
}

function unquoted(text: string): string {
  const inner = /^(["'])(.*)\1$/s.exec(text);
  if (inner?.[1] === "'") return inner[2] ?? "";
  return (inner?.[2] ?? text).replaceAll(/\\(.)/gs, "$1");
}
