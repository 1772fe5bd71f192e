import type { Policies } from "./function-role.ts";
import { namesAction } from "./policy-evaluation.ts";

/**
 * Whether a role allows a call to a local program that answers for a service. A statement must allow the
 * action on some resource: which queue or topic is not checked, because local names differ from those on AWS.
 * A service whose queues, topics or event buses have policies of their own is not checked.
 */
export function allowsStandIn(
  { policies, mayAllow, ownPolicies }: Omit<Policies, "unjudged">,
  service: string,
  action: string,
): boolean {
  if (ownPolicies.includes(service)) return true;
  const statements = [...policies, ...mayAllow].flatMap(({ document }) => document.statements);
  return statements.some(
    ({ effect, actions }) => effect === "Allow" && namesAction(actions, action),
  );
}
