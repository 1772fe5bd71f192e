import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inWords } from "../../readers/rules/project-files.ts";
import type { PackageFile } from "./files.ts";

/** Packages that Lambda's Python runtimes include. */
const BROUGHT = new Set([
  "boto3",
  "botocore",
  "jmespath",
  "s3transfer",
  "python-dateutil",
  "urllib3",
]);

/**
 * The packages in a requirements.txt that are not among a directory's files: `pip install
 * -t` creates a directory `name-version.dist-info` for each.
 * @see https://packaging.python.org/en/latest/specifications/name-normalization/
 */
function missingRequirements(requirements: string, paths: readonly string[]): readonly string[] {
  const installed = new Set(
    paths.flatMap((path) => {
      const name = /^(?:.*\/)?([^/]+?)-[^/-]+\.(?:dist|egg)-info\//.exec(path)?.[1];
      return name === undefined ? [] : [normalized(name)];
    }),
  );
  const asked = requirements.split("\n").flatMap((line) => {
    const name = /^\s*([A-Za-z0-9][\w.-]*)\s*(?:\[|[=<>!~;@#]|$)/.exec(line)?.[1];
    return name === undefined ? [] : [normalized(name)];
  });
  return [...new Set(asked)].filter((name) => !installed.has(name) && !BROUGHT.has(name));
}

/** Packages in a directory's requirements.txt that are not installed into it. */
export function requirementsNotIn(
  directory: string,
  files: readonly PackageFile[],
  inLayers: readonly string[] = [],
): readonly string[] {
  const list = files.find(({ path }) => path === "requirements.txt");
  if (list === undefined) return [];
  return missingRequirements(readFileSync(join(directory, list.path), "utf8"), [
    ...files.map(({ path }) => path),
    ...inLayers,
  ]);
}

/** One sentence about all functions whose directories lack packages; empty if none does. */
export function requirementWarnings(
  packaged: readonly { readonly name: string; readonly missingRequirements: readonly string[] }[],
): readonly string[] {
  const lacking = packaged.filter(({ missingRequirements }) => missingRequirements.length > 0);
  const missing = [...new Set(lacking.flatMap((each) => each.missingRequirements))].join(", ");
  const names = inWords(lacking.map(({ name }) => `"${name}"`));
  if (lacking.length === 0) return [];
  return [
    lacking.length === 1
      ? `Function ${names} lists ${missing} in requirements.txt, but its directory does not contain them, so Lambda cannot find them. Run pip install -r requirements.txt -t on the directory.`
      : `Functions ${names} list ${missing} in requirements.txt, but their directories do not contain them, so Lambda cannot find them. Run pip install -r requirements.txt -t on each directory.`,
  ];
}

function normalized(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}
