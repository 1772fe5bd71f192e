import type { ProgramCode, ProgramPython } from "./programs.ts";

/** One sentence for each Python runtime whose functions run on another version here. */
export function versionWarnings(programs: readonly ProgramCode[]): readonly string[] {
  const names = new Map<string, string[]>();
  for (const { functionName, python } of programs) {
    if (python === undefined || isOfRuntime(python)) continue;
    const { runtime, version, executable } = python;
    const key = `${runtime}\n${version}\n${executable}`;
    names.set(key, [...(names.get(key) ?? []), `"${functionName}"`]);
  }
  return [...names].map(([key, functions]) => {
    const [runtime, version, executable] = key.split("\n");
    const on = `on Python ${version} here (${executable})`;
    return functions.length === 1
      ? `Function ${functions[0]} has the runtime ${runtime} and runs ${on}.`
      : `Functions ${functions.join(", ")} have the runtime ${runtime} and run ${on}.`;
  });
}

function isOfRuntime({ runtime, version }: ProgramPython): boolean {
  return `python${version}`.startsWith(`${runtime}.`);
}
