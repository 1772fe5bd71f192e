import type { Project } from "./checked-project.ts";
import type { Fault } from "./faults.ts";
import { successorOf } from "./runtimes.ts";

/** One line for each old runtime, whose functions run on the local Node. */
export function oldRuntimes({ functions }: Project): readonly Fault[] {
  const { node } = process.versions;
  const [major = ""] = node.split(".");
  const old = Object.values(functions).filter(
    ({ runtime, command }) =>
      command === undefined &&
      runtime.startsWith("nodejs") &&
      successorOf(runtime) !== undefined &&
      !runtime.startsWith(`nodejs${major}.`),
  );
  return [...new Set(old.map(({ runtime }) => runtime))].map((runtime) => {
    const names = old.filter((fn) => fn.runtime === runtime).map(({ name }) => name);
    const run = names.length === 1 ? "the function runs" : `${names.length} functions run`;
    const problem = `${runtime} is not available on this machine. Here, ${run} on Node ${node}.`;
    return [["functions", names[0] ?? "", "runtime"], problem];
  });
}
