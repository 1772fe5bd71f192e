import { WsgwError } from "../../errors.ts";
import type { Caller } from "../aws/identity.ts";
import type { DeployInput } from "./deploy-input.ts";
import type { Run } from "./run-context.ts";

/** Throws ROLE_NOT_FOUND or LOG_ROLE_NOT_FOUND for a role that the stack needs and does not create. */
export async function verifyCaller(run: Run, { namedRoles, ownRoles, logsBy }: DeployInput) {
  const { identity } = run.cloud;
  const caller = await identity.caller();
  run.report({ type: "account.found", ...caller });
  const missing: string[] = [];
  for (const name of namedRoles) {
    if (!(await identity.hasRole(name))) missing.push(name);
  }
  if (missing.length > 0) {
    const lines = missing.map((name) => `Account ${caller.account} has no role "${name}".`);
    throw new WsgwError("ROLE_NOT_FOUND", lines.join("\n"));
  }
  const named =
    logsBy === undefined ? namedRoles : [...namedRoles, await logRole(run, caller, logsBy)];
  if (ownRoles + named.length > 0) run.report({ type: "roles.verified", named, own: ownRoles });
  return caller;
}

/** Without this role CloudFormation would reject the stage after it has created all the rest. */
async function logRole(run: Run, { account }: Caller, logsBy: string): Promise<string> {
  const arn = await run.cloud.identity.gatewayLogRole();
  if (arn !== undefined) return arn.split("/").at(-1) ?? arn;
  const where = `account ${account}, region ${run.cloud.region}`;
  throw new WsgwError(
    "LOG_ROLE_NOT_FOUND",
    `${logsBy}, but API Gateway has no role to write logs with in ${where}.`,
  );
}
