import { type Condition, holds, type RequestContext, withVariables } from "./conditions.ts";
import type { Patterns, PolicyDocument, PolicyStatement } from "./policy-document.ts";
import { matchesPattern } from "./wildcards.ts";

/** A policy, by the name under which messages speak of it. */
export type NamedPolicy = { readonly name: string; readonly document: PolicyDocument };

/** The access that a request asks for. */
export type AccessRequest = {
  /** Such as `execute-api:Invoke`. */
  readonly action: string;
  /** ARN. */
  readonly resource: string;
  readonly context: RequestContext;
};

/** A statement of a policy; the first has the number 1. */
export type StatementPlace = { readonly policy: string; readonly number: number };

/** A statement that would have allowed it but for one part. */
export type NearMiss = StatementPlace & {
  readonly part: "Action" | "NotAction" | "Resource" | "NotResource" | "Condition";
  /** What stands there. */
  readonly written: string;
};

/** Whether a request is allowed, and the statement that says so or, where none does, the one that came nearest. */
export type AccessDecision =
  | { readonly decision: "allow"; readonly by: StatementPlace }
  | { readonly decision: "explicit-deny"; readonly by: StatementPlace }
  | { readonly decision: "implicit-deny"; readonly nearest: NearMiss | undefined };

/**
 * Evaluates identity-based policies: one statement that denies is enough to deny, otherwise one that allows to allow.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluatePolicies(
  policies: readonly NamedPolicy[],
  request: AccessRequest,
): AccessDecision {
  const judged = policies.flatMap(({ name, document }) =>
    document.statements.map((statement) => ({
      place: { policy: name, number: statement.number },
      effect: statement.effect,
      missed: missedParts(statement, request),
    })),
  );
  const by = (effect: PolicyStatement["effect"]) =>
    judged.find((each) => each.effect === effect && each.missed.length === 0)?.place;
  const denying = by("Deny");
  if (denying !== undefined) return { decision: "explicit-deny", by: denying };
  const allowing = by("Allow");
  if (allowing !== undefined) return { decision: "allow", by: allowing };
  return { decision: "implicit-deny", nearest: nearestOf(judged) };
}

/** Whether a statement allows an action on something, whatever that is and whatever else it asks for. */
export function allowsSomewhere(policies: readonly NamedPolicy[], action: string): boolean {
  const statements = policies.flatMap(({ document }) => document.statements);
  return statements.some(
    ({ effect, actions }) => effect === "Allow" && applies(actions, actsLike(action)),
  );
}

type Missed = Pick<NearMiss, "part" | "written">;

/** The parts of a statement that do not match; none of one that applies. */
function missedParts(
  { actions, resources, conditions }: PolicyStatement,
  { action, resource, context }: AccessRequest,
): readonly Missed[] {
  const missed: Missed[] = [];
  if (!applies(actions, actsLike(action))) missed.push(partOf("Action", actions));
  if (!applies(resources, (pattern) => matchesPattern(withVariables(pattern, context), resource))) {
    missed.push(partOf("Resource", resources));
  }
  const broken = conditions.find((condition) => !holds(condition, context));
  if (broken !== undefined) missed.push({ part: "Condition", written: inWords(broken) });
  return missed;
}

/** Actions are compared without regard to case. */
function actsLike(action: string): (pattern: string) => boolean {
  return (pattern) => matchesPattern(pattern.toLowerCase(), action.toLowerCase());
}

function applies({ not, patterns }: Patterns, matches: (pattern: string) => boolean): boolean {
  return patterns.some(matches) !== not;
}

function partOf(part: "Action" | "Resource", { not, patterns }: Patterns): Missed {
  return { part: not ? `Not${part}` : part, written: patterns.join(", ") };
}

function inWords({ operator, key, values }: Condition): string {
  return `${operator} ${key} ${values.join(", ")}`;
}

/** The first statement that allows all but for one part; one whose action matches comes before the others. */
function nearestOf(
  judged: readonly {
    readonly place: StatementPlace;
    readonly effect: PolicyStatement["effect"];
    readonly missed: readonly Missed[];
  }[],
): NearMiss | undefined {
  const near = judged.flatMap(({ place, effect, missed: [first, ...others] }) =>
    effect === "Allow" && first !== undefined && others.length === 0
      ? [{ ...place, ...first }]
      : [],
  );
  return near.find(({ part }) => !part.endsWith("Action")) ?? near[0];
}
