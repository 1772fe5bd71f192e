import { warnOnce } from "../../journal/warn-once.ts";
import type { InvokeCall } from "./rules/read-invoke.ts";

/** Warns once of each version or alias that is invoked and that the project does not have. */
export function versionWarner(
  journal: Parameters<typeof warnOnce>[0],
  hasAlias: (functionName: string, alias: string) => boolean,
): (call: Pick<InvokeCall, "functionName" | "qualifier">) => void {
  const warn = warnOnce(journal);
  return ({ functionName, qualifier = "$LATEST" }) => {
    if (qualifier === "$LATEST" || hasAlias(functionName, qualifier)) return;
    const called = `${functionName}:${qualifier}`;
    const message = `${called} was invoked. Every version and alias runs the current code here. On AWS the call fails unless it exists there.`;
    warn(message);
  };
}
