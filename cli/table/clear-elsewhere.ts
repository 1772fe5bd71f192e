import { WsgwError } from "../../src/app.ts";
import { isLoopback } from "../../src/values/loopback.ts";

/** Throws USAGE if a table is to be emptied in a DynamoDB on another machine, unless the user says `--yes`. */
export function rejectClear(endpoint: string, table: string, yes: boolean): void {
  if (yes || isLoopback(new URL(endpoint).hostname)) return;
  const message = `${endpoint} is not on this machine. Pass --yes to empty ${table} there.`;
  throw new WsgwError("USAGE", message);
}
