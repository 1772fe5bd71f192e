import type { Code } from "./build-functions.ts";

/** The code after a change. A function whose new code does not work keeps the old one. */
export function keepWorking(before: Code, after: Code): Code {
  const isKept = ([name]: readonly [name: string, ...unknown[]]) => !after.built.has(name);
  return {
    ...after,
    built: new Map([...before.built, ...after.built]),
    broken: new Map([...before.broken, ...after.broken].filter(isKept)),
    uninstalled: new Map([...[...before.uninstalled].filter(isKept), ...after.uninstalled]),
  };
}

/** The functions whose code changes with the files: built from one of them, or unable to run before. */
export function changedFunctions(
  before: Code,
  after: Code,
  files: readonly string[],
): readonly string[] {
  const isOf = (code: Code, name: string): boolean =>
    code.built.get(name)?.inputs.some((input) => files.includes(input)) ?? false;
  const names = new Set([...before.built.keys(), ...after.built.keys()]);
  return [...names].filter(
    (name) =>
      !after.broken.has(name) &&
      // A deleted file is only an input of the code before.
      (before.broken.has(name) ||
        (before.uninstalled.has(name) && !after.uninstalled.has(name)) ||
        isOf(before, name) ||
        isOf(after, name)),
  );
}
