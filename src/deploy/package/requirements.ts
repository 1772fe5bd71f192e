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

function normalized(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}
