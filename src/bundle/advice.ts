import type { BuildFailure } from "./build-result.ts";
import { packageName } from "./own-code.ts";

const FIXES: readonly (readonly [RegExp, (found: string) => string])[] = [
  [
    /^Could not resolve "(#[^"]*)"/,
    (name) => `Add ${name} to imports in package.json, or correct the import.`,
  ],
  [/^Could not resolve "[./]/, () => "Create the file, or correct the import."],
  [
    /^Could not resolve "(@aws-sdk\/[^"]+)"/,
    (path) =>
      `Lambda provides ${packageName(path)}. Here, install it: npm install --save-dev ${packageName(path)}.`,
  ],
  [/^Could not resolve "([^"]+)"/, (path) => `Run npm install ${packageName(path)}.`],
  [
    /^No loader is configured for "(\.[^"]+)" files/,
    (extension) =>
      `Set a loader for such files in the definition: esbuild: { loader: { "${extension}": "text" } }.`,
  ],
  [
    /^Top-level await is currently not supported/,
    () =>
      'Only ES modules can use await at their top level, as on Lambda. Rename the file to .mts or .mjs, or set "type": "module" in package.json.',
  ],
  [/^No matching export in/, () => "Export it there, or correct the import."],
  [/^Plugin /, () => "Fix the plugin under esbuild in the definition."],
];

/** How to fix a failed build; undefined if the error points into the code, as syntax errors do. */
export function adviceOn({ text }: Pick<BuildFailure, "text">): string | undefined {
  for (const [pattern, advice] of FIXES) {
    const found = pattern.exec(text);
    if (found !== null) return advice(found[1] ?? "");
  }
  return undefined;
}

/** How to fix failed builds of handlers, each hint once. */
export function adviceOnAll(failures: readonly BuildFailure[]): readonly string[] {
  return [
    ...new Set(failures.map((failure) => adviceOn(failure) ?? "Fix the code at that place.")),
  ];
}
