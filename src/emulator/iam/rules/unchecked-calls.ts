import type { Role } from "./role-policies.ts";

/** Placeholder for the functions' names in a line. */
export const THOSE = "\0";

/** The unchecked parts of a role, one line each. */
export function uncheckedIn(role: Role): readonly string[] {
  if (role.kind === "unknown") return [`What ${THOSE} may call is not checked: ${role.why}.`];
  if (role.kind === "unstated") return [];
  return role.unjudged.map(({ effect, actions, why }) => {
    const not = effect === "Allow" ? "checked" : "denied";
    return `Calls of ${actions} by ${THOSE} are not ${not}: ${why}.`;
  });
}
