import { resolve } from "node:path";
import {
  renderTemplate,
  sampleTemplateScope,
  type TemplateScope,
  WsgwError,
} from "../../src/app.ts";
import { isObject, parseJson } from "../../src/values/json.ts";
import { mapValues } from "../../src/values/map-values.ts";
import type { Io } from "../terminal/io.ts";
import { print } from "../terminal/output.ts";
import { readText } from "../terminal/read-text.ts";

export type TemplateOptions = {
  readonly file: string;
  readonly kind: "connect" | "message";
  readonly body: string;
  /** The last three are JSON, or names of files with JSON. */
  readonly context: string | undefined;
  readonly stageVariables: string | undefined;
  readonly params: string | undefined;
};

const HINT = "API Gateway then does not call the backend and answers with Internal server error.";

/** Renders one mapping template. Returns the exit code. */
export async function runTemplate(options: TemplateOptions, io: Io): Promise<number> {
  const { file } = options;
  const source = await readText(file, resolve(io.cwd, file));
  const rendered = await renderTemplate(source, await scopeIn(options, io));
  if (rendered.kind === "failed") {
    throw new WsgwError("USAGE", faultInWords(file, source, rendered), {
      hint: HINT,
    });
  }
  print(io.stdout, rendered.text.replaceAll("\r\n", "\n").replace(/\n$/, ""));
  return 0;
}

async function scopeIn(options: TemplateOptions, io: Io): Promise<TemplateScope> {
  const usual = sampleTemplateScope(options.kind, options.body);
  const context = await objectIn("context", options.context, io);
  const stageVariables = await objectIn("stage-variables", options.stageVariables, io);
  const params = await objectIn("params", options.params, io);
  return {
    ...usual,
    context: merged(usual.context, context),
    stageVariables: strings("stage-variables", stageVariables),
    params: {
      path: strings("params", params.path ?? {}),
      querystring: strings("params", params.querystring ?? {}),
      header: { ...usual.params.header, ...strings("params", params.header ?? {}) },
    },
  };
}

/** The JSON object in an option, or in the file that it names; empty if not given. */
async function objectIn(
  name: string,
  given: string | undefined,
  io: Io,
): Promise<Readonly<Record<string, unknown>>> {
  if (given === undefined) return {};
  const isJson = given.trimStart().startsWith("{");
  const text = isJson ? given : await readText(given, resolve(io.cwd, given));
  const value = parseJson(text)?.value;
  if (isObject(value)) return value;
  const what = isJson ? "" : ` in ${given}`;
  throw new WsgwError("USAGE", `--${name} must be a JSON object, not ${text.trim()}${what}.`);
}

function strings(name: string, value: unknown): Readonly<Record<string, string>> {
  const fields = isObject(value) ? Object.entries(value) : [];
  const isGood = isObject(value) && fields.every(([, field]) => typeof field === "string");
  if (isGood) return Object.fromEntries(fields) as Record<string, string>;
  throw new WsgwError("USAGE", `--${name} must contain strings, not ${JSON.stringify(value)}.`);
}

/** Merges `over` into `base`, deeply. */
function merged(
  base: Readonly<Record<string, unknown>>,
  over: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const fields = mapValues(over, (value, name) => {
    const before = base[name];
    return isObject(before) && isObject(value) ? merged(before, value) : value;
  });
  return { ...base, ...fields };
}

/** Characters of a line that are shown before and after an error. */
const SHOWN = 60;

/** The error with its position, and the line that contains it. */
function faultInWords(
  file: string,
  source: string,
  fault: {
    readonly problem: string;
    readonly line: number;
    readonly column: number;
    readonly value?: string;
  },
): string {
  const { problem, line, column, value } = fault;
  const text = source.split(/\r\n|\n|\r/)[line - 1] ?? "";
  const from = Math.max(0, column - 1 - SHOWN);
  const shown = text.slice(from, column + SHOWN).replaceAll("\t", " ");
  const margin = `${line} | `;
  return [
    `${file}:${line}:${column}: ${problem}.`,
    `${margin}${shown}`,
    `${" ".repeat(margin.length + column - 1 - from)}^`,
    ...(value === undefined ? [] : [`The value: ${value}`]),
  ].join("\n");
}
