import { type LocalProject, successorOf } from "../../src/app.ts";

export const NODE = process.versions.node;

/** Maximum number of functions named in a line. */
const NAMED = 4;

/** Functions with another Node version on AWS; closed runtimes have their own warnings. */
export function otherNodes({ functions }: LocalProject): readonly string[] {
  const [major] = NODE.split(".");
  const all = Object.values(functions).filter(isOnNode);
  const others = all.filter(
    ({ runtime }) => runtime !== `nodejs${major}.x` && successorOf(runtime) === undefined,
  );
  return [...new Set(others.map(({ runtime }) => runtime))].map((runtime) => {
    const names = others.filter((fn) => fn.runtime === runtime).map(({ name }) => name);
    const who = names.length === all.length ? "All functions" : shortList(names);
    return `${who}: ${runtime} on AWS, Node ${NODE} here`;
  });
}

function shortList(names: readonly string[]): string {
  if (names.length <= NAMED) return names.join(", ");
  return `${names.slice(0, NAMED).join(", ")} and ${names.length - NAMED} more`;
}

export function isOnNode(fn: LocalProject["functions"][string]): boolean {
  return fn.runtime.startsWith("nodejs") && fn.command === undefined;
}
