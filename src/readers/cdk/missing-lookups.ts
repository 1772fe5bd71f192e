import { relative } from "node:path";
import { WsgwError } from "../../errors.ts";
import type { Assembly } from "./assembly.ts";

const HINT =
  "Run cdk synth once with credentials: cdk.context.json keeps the answers. Then save the app again.";

/** Throws if an assembly is missing lookups and the known one is not: that one stays served. */
export function refuseMissingLookups(
  assembly: Assembly,
  known: Assembly | undefined,
  cwd: string,
): void {
  if (assembly.missing.length === 0 || known?.missing.length !== 0) return;
  const message = `${missingText(assembly)} ${relative(cwd, known.directory)} stays in use.`;
  throw new WsgwError("CONFIG_UNREADABLE", message, { hint: HINT });
}

/** Names the missing lookups of an assembly that is served nevertheless. */
export function missingLookups(assembly: Assembly): string {
  return `${missingText(assembly)} ${HINT}`;
}

function missingText({ missing }: Assembly): string {
  return `The app needs lookups in an account: ${missing.join(", ")}.`;
}
