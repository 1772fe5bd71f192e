import { runInNewContext } from "node:vm";
import { didYouMean } from "../../../definition/faults.ts";
import { errorCode } from "../../../errors/error-code.ts";
import type { Json, JsonObject, Origins } from "./origins.ts";
import type { Report } from "./report.ts";
import { field, isObject, section } from "./tree.ts";

const SSM_VALUE = /^AWS::SSM::Parameter::Value<(.+)>$/;
const LIST = /^(?:CommaDelimitedList|List<.+>)$/;
const KNOWN_TYPE =
  /^(?:String|Number|CommaDelimitedList|List<(?:String|Number|AWS::[\w:]+)>|AWS::(?!SSM::Parameter::Value\b)[\w:]+)$/;
const BASIC_TYPES = ["String", "Number", "CommaDelimitedList", "List<Number>", "List<String>"];
const PARAMETER_NAME = /^[A-Za-z\d]{1,255}$/;
const LONGEST = 4096;

/**
 * The values of the section Parameters by name, from `given` strings and defaults. An unknown name in `given`
 * is a warning if it is a valid parameter name; others, such as `/chat/key`, name exports, secrets and SSM
 * parameters.
 */
export function parameterValues(
  template: JsonObject,
  given: Readonly<Record<string, string>>,
  origins: Origins,
  report: Report,
): Readonly<Record<string, Json>> {
  const parameters = new Parameters(section(template, "Parameters"), given, origins, report);
  const values = parameters.values();
  parameters.warnOfUnknown();
  return values;
}

class Parameters {
  readonly #section: JsonObject;
  readonly #given: Readonly<Record<string, string>>;
  readonly #origins: Origins;
  readonly #report: Report;
  readonly #missing: string[] = [];

  constructor(
    section: JsonObject,
    given: Readonly<Record<string, string>>,
    origins: Origins,
    report: Report,
  ) {
    this.#section = section;
    this.#given = given;
    this.#origins = origins;
    this.#report = report;
  }

  values(): Readonly<Record<string, Json>> {
    const values: [string, Json][] = [];
    for (const [name, parameter] of Object.entries(this.#section)) {
      const value = this.#value(name, parameter);
      if (value !== undefined) values.push([name, value]);
    }
    this.#reportMissing();
    return Object.fromEntries(values);
  }

  #value(name: string, parameter: Json): Json | undefined {
    if (!isObject(parameter))
      return this.#fail(name, "is not an object. Write an object with a Type.");
    const type = field(parameter, "Type");
    if (typeof type !== "string") return this.#fail(name, "has no Type. Add one, such as String.");
    const [, ssmType] = SSM_VALUE.exec(type) ?? [];
    if (!KNOWN_TYPE.test(ssmType ?? type)) {
      const near = didYouMean(type.slice(0, 64), BASIC_TYPES) ?? ".";
      return this.#fail(name, `has the Type "${type}", which CloudFormation does not have${near}`);
    }
    const written = field(this.#given, name) ?? defaultText(field(parameter, "Default"));
    if (written === undefined) {
      this.#missing.push(name);
      return undefined;
    }
    if (ssmType !== undefined) return asType(ssmType, this.#ofSsm(name, written));
    const problem = violation(written, type, parameter);
    if (problem === undefined) return asType(type, written);
    const own = field(parameter, "ConstraintDescription");
    return this.#fail(name, typeof own === "string" ? `${problem} ${own}` : problem);
  }

  /** `written` is either the name of an SSM parameter or the value itself; both are possible. */
  #ofSsm(name: string, written: string): string {
    const value = field(this.#given, written);
    if (value !== undefined) return value;
    // Names below /aws/ are images and similar, which nothing here reads.
    if (!Object.hasOwn(this.#given, name) && !written.startsWith("/aws/")) {
      const problem = `The parameter "${name}" gets its value from SSM, which wsgw does not read.`;
      this.#find(
        "warning",
        name,
        `${problem} Set it with --parameter-overrides ${override(name)}.`,
      );
    }
    return written;
  }

  #reportMissing(): void {
    const [first] = this.#missing;
    if (first === undefined) return;
    const names = this.#missing.map((name) => `"${name}"`).join(", ");
    const problem =
      this.#missing.length === 1
        ? `The parameter ${names} has no value. Set it`
        : `The parameters ${names} have no value. Set them`;
    const advice = `with --parameter-overrides ${this.#missing.map(override).join(" ")}, or as parameter_overrides in samconfig.toml.`;
    this.#find("error", first, `${problem} ${advice}`);
  }

  warnOfUnknown(): void {
    const names = Object.keys(this.#section);
    for (const name of Object.keys(this.#given)) {
      if (names.includes(name) || !PARAMETER_NAME.test(name)) continue;
      const near = didYouMean(name, names) ?? ".";
      const problem = `"${name}" has a value, but is not a parameter of the template${near}`;
      this.#report({ severity: "warning", origin: this.#origins.of(this.#section), problem });
    }
  }

  #fail(name: string, problem: string): undefined {
    this.#find("error", name, `The parameter "${name}" ${problem}`);
  }

  #find(severity: "error" | "warning", name: string, problem: string): void {
    this.#report({ severity, origin: this.#origins.of(this.#section, name), problem });
  }
}

function override(name: string): string {
  return `${name}=VALUE`;
}

function defaultText(value: Json | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) return value.map(String).join(",");
  return typeof value === "object" ? undefined : String(value);
}

function itemsOf(text: string): string[] {
  return text === "" ? [] : text.split(",").map((item) => item.trim());
}

function asType(type: string, text: string): Json {
  if (LIST.test(type)) return itemsOf(text);
  const number = Number(text);
  return type === "Number" && String(number) === text.trim() ? number : text;
}

/**
 * The constraint of a parameter that a string violates; ends a sentence that begins with the parameter's
 * name.
 */
function violation(text: string, type: string, parameter: JsonObject): string | undefined {
  if (text.length > LONGEST) return `has a value of more than ${LONGEST} characters. Shorten it.`;
  const isNumber = /^(?:Number|List<Number>)$/.test(type);
  const items = LIST.test(type) ? itemsOf(text) : [text];
  for (const item of items) {
    const problem = isNumber ? wrongNumber(item, parameter) : wrongText(item, parameter);
    if (problem !== undefined) return `is "${cut(item)}". ${problem}`;
  }
  return undefined;
}

function wrongNumber(item: string, parameter: JsonObject): string | undefined {
  if (!/^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*$/.test(item)) return "Set a number.";
  const least = limit(parameter, "MinValue");
  const most = limit(parameter, "MaxValue");
  if (least !== undefined && Number(item) < least) return `Its MinValue is ${least}.`;
  if (most !== undefined && Number(item) > most) return `Its MaxValue is ${most}.`;
  const allowed = field(parameter, "AllowedValues");
  const isAllowed =
    !Array.isArray(allowed) || allowed.some((value) => Number(value) === Number(item));
  return isAllowed ? undefined : wrongChoice(allowed);
}

function wrongText(item: string, parameter: JsonObject): string | undefined {
  const shortest = limit(parameter, "MinLength");
  const longest = limit(parameter, "MaxLength");
  if (shortest !== undefined && item.length < shortest) return `Its MinLength is ${shortest}.`;
  if (longest !== undefined && item.length > longest) return `Its MaxLength is ${longest}.`;
  const allowed = field(parameter, "AllowedValues");
  if (Array.isArray(allowed) && !allowed.some((value) => String(value) === item))
    return wrongChoice(allowed);
  const pattern = field(parameter, "AllowedPattern");
  if (typeof pattern !== "string") return undefined;
  switch (matchesAll(pattern, item)) {
    case true:
      return undefined;
    case false:
      return `It does not match the AllowedPattern ${cut(pattern)}.`;
    case "takes too long":
      return `Matching it with the AllowedPattern ${cut(pattern)} takes too long. Write the pattern without nested repetitions.`;
  }
}

function wrongChoice(allowed: readonly Json[]): string {
  return `Its AllowedValues are ${cut(allowed.map((value) => `"${value}"`).join(", "))}.`;
}

/** Time limit in ms for matching a pattern; catastrophic backtracking would take years. */
const LONGEST_MATCH_MS = 500;

/** Whether a pattern matches the whole string. A pattern that only Java supports matches anything. */
function matchesAll(pattern: string, text: string): boolean | "takes too long" {
  try {
    const whole = new RegExp(`^(?:${pattern})$`);
    return runInNewContext("whole.test(text)", { whole, text }, { timeout: LONGEST_MATCH_MS });
  } catch (error) {
    return errorCode(error) === "ERR_SCRIPT_EXECUTION_TIMEOUT" ? "takes too long" : true;
  }
}

function limit(parameter: JsonObject, name: string): number | undefined {
  const value = field(parameter, name);
  const number =
    typeof value === "string" || typeof value === "number" ? Number(value) : Number.NaN;
  return Number.isNaN(number) ? undefined : number;
}

function cut(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
