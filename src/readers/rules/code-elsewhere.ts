/** A function that does not run on this machine as defined. */
export type UnservedFunction = {
  /** Its logical id in the file. */
  readonly key: string;
  /** Its name on AWS. */
  readonly name: string;
  /** Ends a sentence that begins with the function, such as `has its code in S3 (bucket/key.zip)`. */
  readonly why: string;
  readonly isInS3: boolean;
};

/** How to provide a template function's missing part in a config file. */
export function howToServe({ key, isInS3 }: UnservedFunction): string {
  return isInS3
    ? `Set the directory of the code in wsgw.config.ts: fromTemplate("TEMPLATE", { functions: { ${key}: { root: "DIRECTORY" } } }).`
    : "Set the directory of its code as root, or the program that runs it as command, with fromTemplate() in wsgw.config.ts. docs/your-project.md shows how.";
}

/**
 * A message about functions with their code in S3, and how to provide it; undefined if there is no function of
 * this kind.
 */
export function codeInS3Text(unserved: readonly UnservedFunction[]): string | undefined {
  const [first, ...more] = unserved.filter(({ isInS3 }) => isInS3);
  if (first === undefined) return undefined;
  const those = more.length === 0 ? "function" : "functions";
  const names = [...new Set([first, ...more].map(({ key }) => key))].join(", ");
  return `code in S3, which wsgw does not download: ${those} ${names}. ${howToServe(first)}`;
}
