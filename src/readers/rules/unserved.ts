/** A function that does not run on this machine as the file has it. */
export type UnservedFunction = {
  /** By which the file calls it: its logical id. */
  readonly key: string;
  /** Its name on AWS. */
  readonly name: string;
  /** Ends a sentence that begins with the function, such as `has its code in S3 (bucket/key.zip)`. */
  readonly why: string;
  readonly isInS3: boolean;
};

/** How a config file gives what a function of a template lacks here. */
export function howToServe({ key, isInS3 }: UnservedFunction): string {
  return isInS3
    ? `Give a folder with the code in wsgw.config.ts: fromTemplate("TEMPLATE", { functions: { ${key}: { root: "FOLDER" } } }).`
    : "Give the folder of its code as root, or what runs it as command, by fromTemplate() in wsgw.config.ts; docs/your-project.md shows it.";
}
