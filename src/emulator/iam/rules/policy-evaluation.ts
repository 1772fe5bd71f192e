import {
  type Condition,
  holds,
  type RequestContext,
  withVariables,
} from "./condition-operators.ts";
import type { Patterns, PolicyDocument, PolicyStatement } from "./policy-document.ts";
import { matchesPattern } from "./wildcards.ts";

/** A policy with the name for messages. */
export type NamedPolicy = { readonly name: string; readonly document: PolicyDocument };

/** An access request. */
export type AccessRequest = {
  /** For example `execute-api:Invoke`. */
  readonly action: string;
  /** ARN. */
  readonly resource: string;
  readonly context: RequestContext;
};

/** A statement of a policy; statements count from 1. */
export type StatementPlace = { readonly policy: string; readonly number: number };

/** A statement that would have allowed the request except for one part. */
export type NearMiss = StatementPlace & {
  readonly part: "Action" | "NotAction" | "Resource" | "NotResource" | "Condition";
  /** Its value in the policy. */
  readonly written: string;
};

/** The decision about a request, and the statement that caused it, else the nearest one. */
export type AccessDecision =
  | { readonly decision: "allow"; readonly by: StatementPlace }
  | { readonly decision: "explicit-deny"; readonly by: StatementPlace }
  | { readonly decision: "implicit-deny"; readonly nearest: NearMiss | undefined };

/**
 * Evaluates identity-based policies: one denying statement denies, otherwise one allowing statement allows.
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

type Missed = Pick<NearMiss, "part" | "written">;

/** The parts of a statement that do not match; empty if it applies. */
function missedParts(
  { actions, resources, conditions }: PolicyStatement,
  { action, resource, context }: AccessRequest,
): readonly Missed[] {
  const missed: Missed[] = [];
  if (!namesAction(actions, action)) missed.push(partOf("Action", actions));
  if (!applies(resources, (pattern) => matchesPattern(withVariables(pattern, context), resource))) {
    missed.push(partOf("Resource", resources));
  }
  const broken = conditions.find((condition) => !holds(condition, context));
  if (broken !== undefined) missed.push({ part: "Condition", written: inWords(broken) });
  return missed;
}

/** Whether a statement is about an action. Actions are compared case-insensitively. */
export function namesAction(actions: Patterns, action: string): boolean {
  return applies(actions, (pattern) => matchesPattern(pattern.toLowerCase(), action.toLowerCase()));
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

/** The first statement with one mismatch; those whose action matches come first. */
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
