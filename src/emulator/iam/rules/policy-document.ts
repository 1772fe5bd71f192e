import { isObject } from "../../../values/json.ts";
import { type Condition, isOperator } from "./condition-operators.ts";

/** A parsed IAM policy. */
export type PolicyDocument = { readonly statements: readonly PolicyStatement[] };

export type PolicyStatement = {
  /** Statements of a policy count from 1. */
  readonly number: number;
  readonly effect: "Allow" | "Deny";
  readonly actions: Patterns;
  readonly resources: Patterns;
  readonly conditions: readonly Condition[];
};

/** The targets of a statement, or with `not` everything else: `NotAction`, `NotResource`. */
export type Patterns = { readonly not: boolean; readonly patterns: readonly string[] };

export type ParsedPolicy =
  | { readonly kind: "ok"; readonly policy: PolicyDocument }
  | { readonly kind: "malformed"; readonly problem: string };

/**
 * Parses a policy document. `Version` may be missing, and `Principal` is ignored; `Effect` is `Allow` or
 * `Deny`, in this spelling.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function parsePolicy(value: unknown): ParsedPolicy {
  if (!isObject(value)) return malformed("the policy is not an object");
  const written = value.Statement;
  if (written === undefined) return malformed("the policy has no Statement");
  const statements: PolicyStatement[] = [];
  for (const [at, each] of [written].flat().entries()) {
    const parsed = statementOf(each);
    if (typeof parsed === "string") return malformed(`statement ${at + 1} ${parsed}`);
    statements.push({ number: at + 1, ...parsed });
  }
  return { kind: "ok", policy: { statements } };
}

function malformed(problem: string): ParsedPolicy {
  return { kind: "malformed", problem };
}

/** A statement, or the end of a sentence that says why it is not valid. */
function statementOf(value: unknown): Omit<PolicyStatement, "number"> | string {
  if (!isObject(value)) return "is not an object";
  const { Effect: effect } = value;
  if (effect !== "Allow" && effect !== "Deny") {
    return effect === undefined
      ? "has no Effect"
      : `has the Effect ${JSON.stringify(effect)}, which is neither Allow nor Deny`;
  }
  const actions = patternsOf(value, "Action");
  if (typeof actions === "string") return actions;
  const resources = patternsOf(value, "Resource");
  if (typeof resources === "string") return resources;
  const conditions = conditionsOf(value.Condition);
  return typeof conditions === "string" ? conditions : { effect, actions, resources, conditions };
}

function patternsOf(
  statement: Readonly<Record<string, unknown>>,
  name: "Action" | "Resource",
): Patterns | string {
  const [own, inverse] = [statement[name], statement[`Not${name}`]];
  if (own !== undefined && inverse !== undefined) return `has both ${name} and Not${name}`;
  const patterns = textsOf(own ?? inverse);
  if (patterns === undefined) {
    return own === undefined && inverse === undefined
      ? `has no ${name}`
      : `has a${name === "Action" ? "n" : ""} ${name} that is not a string`;
  }
  return { not: own === undefined, patterns };
}

/** `{ IpAddress: { "aws:SourceIp": ["10.0.0.0/8"] } }`. */
function conditionsOf(value: unknown): readonly Condition[] | string {
  if (value === undefined) return [];
  if (!isObject(value)) return "has a Condition that is not an object";
  const conditions: Condition[] = [];
  for (const [operator, keys] of Object.entries(value)) {
    if (!isOperator(operator)) {
      return `has a Condition with the operator ${operator}, which IAM does not have`;
    }
    if (!isObject(keys)) return `has a Condition whose ${operator} is not an object`;
    for (const [key, written] of Object.entries(keys)) {
      const values = [written].flat();
      if (!values.every((each) => ["string", "number", "boolean"].includes(typeof each))) {
        return `has a Condition whose ${operator} of ${key} is not a string`;
      }
      conditions.push({ operator, key, values: values.map(String) });
    }
  }
  return conditions;
}

function textsOf(value: unknown): readonly string[] | undefined {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const texts = list.filter((each) => typeof each === "string");
  return list.length > 0 && texts.length === list.length ? texts : undefined;
}
