import type { Patterns, PolicyStatement } from "./policy-document.ts";
import {
  type AccessDecision,
  type AccessRequest,
  evaluatePolicies,
  type NamedPolicy,
} from "./policy-evaluation.ts";
import { matchesPattern } from "./wildcards.ts";

/** A statement that depends on values unknown here, for the report at the start. */
export type UnjudgedStatement = Pick<PolicyStatement, "effect"> & {
  /** For example `dynamodb:*`. */
  readonly actions: string;
  /** A sentence without its full stop. */
  readonly why: string;
};

/** Condition keys whose values are known for every call. */
const KNOWN_KEYS: ReadonlySet<string> = new Set([
  "aws:currenttime",
  "aws:epochtime",
  "aws:principalaccount",
  "aws:principalarn",
  "aws:requestedregion",
  "aws:resourceaccount",
]);

/**
 * Whether a call that no known statement allows or denies may be allowed by one that is not known
 * completely. Such calls are not rejected.
 */
export function mayBeAllowed(
  judged: AccessDecision,
  mayAllow: readonly NamedPolicy[],
  request: AccessRequest,
): boolean {
  return (
    judged.decision === "implicit-deny" && evaluatePolicies(mayAllow, request).decision === "allow"
  );
}

/**
 * Separates the statements of a policy that cannot be evaluated here: those with a value that only AWS knows,
 * a policy variable, or a condition on a key that is not known for every call. `atMost` is the most that they
 * may allow; `reports` are those about checked calls.
 */
export function withoutUnknown(
  policy: string,
  statements: readonly PolicyStatement[],
  onlyOnAws: readonly string[],
): {
  readonly known: readonly PolicyStatement[];
  readonly atMost: readonly PolicyStatement[];
  readonly reports: readonly UnjudgedStatement[];
} {
  const known: PolicyStatement[] = [];
  const atMost: PolicyStatement[] = [];
  const reports: UnjudgedStatement[] = [];
  for (const statement of statements) {
    const { effect, number } = statement;
    const unknown = unknownIn(statement, onlyOnAws);
    if (unknown === undefined) {
      known.push(statement);
      continue;
    }
    if (effect === "Allow") atMost.push(unknown.atMost);
    if (!isChecked(unknown.atMost)) continue;
    const why = `of the policy ${policy} statement ${number} ${unknown.why}`;
    reports.push({ effect, actions: inWords(unknown.atMost.actions), why });
  }
  return { known, atMost, reports };
}

const ANYTHING: Patterns = { not: false, patterns: ["*"] };

/** The part of a statement that cannot be evaluated here, and the statement with a wildcard instead. */
function unknownIn(
  statement: PolicyStatement,
  onlyOnAws: readonly string[],
): { readonly why: string; readonly atMost: PolicyStatement } | undefined {
  const { actions, resources, conditions } = statement;
  const hidden = (text: string) => whyHidden(text, onlyOnAws);
  const inActions = actions.patterns.flatMap((text) => hidden(text) ?? []);
  const inResources = resources.patterns.flatMap(
    (text) => hidden(text) ?? (text.includes("${") ? `has the policy variable ${text}` : []),
  );
  const inConditions = conditions.flatMap(({ key, values }) => [
    ...(KNOWN_KEYS.has(key.toLowerCase()) ? [] : [`depends on ${key}, which is not known here`]),
    ...values.flatMap(
      (text) => hidden(text) ?? (hasUnknownVariable(text) ? `has the policy variable ${text}` : []),
    ),
  ]);
  const [why] = [...inConditions, ...inActions, ...inResources];
  if (why === undefined) return undefined;
  const atMost = {
    ...statement,
    actions: inActions.length > 0 ? ANYTHING : actions,
    resources: inResources.length > 0 ? ANYTHING : resources,
    conditions: [],
  };
  return { why, atMost };
}

/** Why a value is unknown here: readers put the reason in braces. */
function whyHidden(text: string, onlyOnAws: readonly string[]): string | undefined {
  const [, inBraces = ""] = /\{\{(.+)\}\}/s.exec(text) ?? [];
  if (inBraces === "" && !onlyOnAws.some((value) => text.includes(value))) return undefined;
  const reason = /^(?:resolve:|\{|$)/.test(inBraces) ? "" : `: ${inBraces}`;
  return `has a value that only AWS knows${reason}`;
}

/**
 * Whether a string contains a policy variable without a known value, other than `${*}`, `${?}` and `${$}`.
 */
function hasUnknownVariable(text: string): boolean {
  return [...text.matchAll(/\$\{([^}]*)\}/g)].some(
    ([, name = ""]) => !/^[*?$]$/.test(name) && !KNOWN_KEYS.has(name.toLowerCase()),
  );
}

const CHECKED = ["dynamodb", "execute-api", "lambda"];

/** Whether a statement covers checked calls, whatever its resources. */
function isChecked({ actions: { not, patterns } }: PolicyStatement): boolean {
  const services = patterns.map((pattern) => pattern.toLowerCase().split(":")[0] ?? "");
  return not || services.some((each) => CHECKED.some((name) => matchesPattern(each, name)));
}

function inWords({ not, patterns }: Patterns): string {
  return `${not ? "everything but " : ""}${patterns.join(", ")}`;
}
