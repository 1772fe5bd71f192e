import { inWords } from "../../readers/rules/project-files.ts";

/** Lambda's Python runtimes bring these along. */
const BROUGHT = new Set([
  "boto3",
  "botocore",
  "jmespath",
  "s3transfer",
  "python-dateutil",
  "urllib3",
]);

/**
 * The packages that a requirements.txt asks for and that are not among a folder's files: `pip install
 * -t` leaves a folder `name-version.dist-info` for each.
 * @see https://packaging.python.org/en/latest/specifications/name-normalization/
 */
export function missingRequirements(
  requirements: string,
  paths: readonly string[],
): readonly string[] {
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

/** One sentence about all functions whose folders lack packages; none where no folder does. */
export function requirementWarnings(
  packaged: readonly { readonly name: string; readonly missingRequirements: readonly string[] }[],
): readonly string[] {
  const lacking = packaged.filter(({ missingRequirements }) => missingRequirements.length > 0);
  const missing = [...new Set(lacking.flatMap((each) => each.missingRequirements))].join(", ");
  const names = inWords(lacking.map(({ name }) => `"${name}"`));
  if (lacking.length === 0) return [];
  return [
    lacking.length === 1
      ? `Function ${names} asks in requirements.txt for ${missing}, which its folder does not hold. Run pip install -r requirements.txt -t on the folder, or Lambda will not find them.`
      : `Functions ${names} ask in their requirements.txt for ${missing}, which their folders do not hold. Run pip install -r requirements.txt -t on each folder, or Lambda will not find them.`,
  ];
}

function normalized(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}
