import { BlockList, isIP } from "node:net";
import { matchesPattern } from "./wildcards.ts";

/** Values of a request, by lower-case condition key such as `aws:sourceip`; unknown ones are absent. */
export type RequestContext = Readonly<Record<string, string | readonly string[]>>;

/** One key under one operator; one of its values must match. */
export type Condition = {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
};

/** Compares a value of the request with one of the policy. */
type Compare = (actual: string, wanted: string) => boolean;

const same: Compare = (actual, wanted) => actual === wanted;
const ignoringCase: Compare = (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase();
const like: Compare = (actual, wanted) => matchesPattern(wanted, actual);

/** Compares each of the six parts of an ARN. */
const arnLike: Compare = (actual, wanted) => {
  const [actualParts, wantedParts] = [arnParts(actual), arnParts(wanted)];
  return wantedParts.every((part, at) => matchesPattern(part, actualParts[at] ?? ""));
};

function arnParts(arn: string): readonly string[] {
  const parts = arn.split(":");
  return [...parts.slice(0, 5), parts.slice(5).join(":")];
}

const numeric = (compare: (actual: number, wanted: number) => boolean): Compare =>
  comparing(Number, compare);
const dated = (compare: (actual: number, wanted: number) => boolean): Compare =>
  comparing(dateOf, compare);

function comparing(
  read: (text: string) => number,
  compare: (actual: number, wanted: number) => boolean,
): Compare {
  return (actual, wanted) => {
    const [left, right] = [read(actual), read(wanted)];
    return !Number.isNaN(left) && !Number.isNaN(right) && compare(left, right);
  };
}

/** An ISO 8601 date, or epoch seconds. */
function dateOf(text: string): number {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text);
}

const inRange: Compare = (actual, wanted) => {
  const [address = "", bits] = wanted.split("/");
  const family = isIP(address) === 6 ? "ipv6" : "ipv4";
  if (isIP(address) === 0 || isIP(actual) === 0) return false;
  const prefix = bits === undefined ? (family === "ipv6" ? 128 : 32) : Number(bits);
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > (family === "ipv6" ? 128 : 32)) {
    return false;
  }
  const range = new BlockList();
  range.addSubnet(address, prefix, family);
  return range.check(actual, isIP(actual) === 6 ? "ipv6" : "ipv4");
};

/**
 * Operators by name; those with `not` are true if none of the values matches.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
const OPERATORS: ReadonlyMap<string, { readonly compare: Compare; readonly not?: true }> = new Map([
  ["StringEquals", { compare: same }],
  ["StringNotEquals", { compare: same, not: true }],
  ["StringEqualsIgnoreCase", { compare: ignoringCase }],
  ["StringNotEqualsIgnoreCase", { compare: ignoringCase, not: true }],
  ["StringLike", { compare: like }],
  ["StringNotLike", { compare: like, not: true }],
  ["NumericEquals", { compare: numeric((a, b) => a === b) }],
  ["NumericNotEquals", { compare: numeric((a, b) => a === b), not: true }],
  ["NumericLessThan", { compare: numeric((a, b) => a < b) }],
  ["NumericLessThanEquals", { compare: numeric((a, b) => a <= b) }],
  ["NumericGreaterThan", { compare: numeric((a, b) => a > b) }],
  ["NumericGreaterThanEquals", { compare: numeric((a, b) => a >= b) }],
  ["DateEquals", { compare: dated((a, b) => a === b) }],
  ["DateNotEquals", { compare: dated((a, b) => a === b), not: true }],
  ["DateLessThan", { compare: dated((a, b) => a < b) }],
  ["DateLessThanEquals", { compare: dated((a, b) => a <= b) }],
  ["DateGreaterThan", { compare: dated((a, b) => a > b) }],
  ["DateGreaterThanEquals", { compare: dated((a, b) => a >= b) }],
  ["Bool", { compare: ignoringCase }],
  ["BinaryEquals", { compare: same }],
  ["IpAddress", { compare: inRange }],
  ["NotIpAddress", { compare: inRange, not: true }],
  ["ArnEquals", { compare: arnLike }],
  ["ArnLike", { compare: arnLike }],
  ["ArnNotEquals", { compare: arnLike, not: true }],
  ["ArnNotLike", { compare: arnLike, not: true }],
]);

/**
 * Whether a condition is true for a request. A missing key makes it false, except for negated operators,
 * `…IfExists` and `Null`.
 */
export function holds({ operator, key, values }: Condition, context: RequestContext): boolean {
  const { set, rest, ifExists, known } = partsOf(operator);
  const actual = actualOf(context, key);
  if (rest === "Null")
    return values.some((value) => (actual === undefined) === (value.toLowerCase() === "true"));
  if (known === undefined) throw new Error(`an unchecked operator: ${operator}`);
  const { compare, not = false } = known;
  if (actual === undefined) return ifExists || set === "ForAllValues:" || (not && set === "");
  const matches = (each: string) =>
    values.some((value) => compare(each, withVariables(value, context))) !== not;
  return set === "ForAnyValue:" ? actual.some(matches) : actual.every(matches);
}

/** Whether IAM has an operator, including its set and `IfExists` variants. */
export function isOperator(operator: string): boolean {
  const { rest, known } = partsOf(operator);
  return rest === "Null" || known !== undefined;
}

function partsOf(operator: string) {
  const [, set = "", rest = ""] = /^(ForAnyValue:|ForAllValues:)?(.*)$/.exec(operator) ?? [];
  const ifExists = rest.endsWith("IfExists");
  const known = OPERATORS.get(ifExists ? rest.slice(0, -"IfExists".length) : rest);
  return { set, rest, ifExists, known };
}

function actualOf(context: RequestContext, key: string): readonly string[] | undefined {
  const name = key.toLowerCase();
  const actual = Object.hasOwn(context, name) ? context[name] : undefined;
  return actual === undefined ? undefined : [actual].flat();
}

/** Replaces policy variables such as `${aws:SourceIp}`; `${*}`, `${?}` and `${$}` are literal characters. */
export function withVariables(value: string, context: RequestContext): string {
  return value.replace(/\$\{([^}]+)\}/g, (whole, name: string) =>
    /^[*?$]$/.test(name) ? name : (actualOf(context, name)?.[0] ?? whole),
  );
}
