/** What a summary tells of. */
type Summarized = {
  /** The project, and which stages or template of it. */
  readonly name: string;
  readonly stagesInWords: string;
  readonly packaged: readonly {
    readonly name: string;
    /** Handler and runtime, as far as they are known. */
    readonly runs?: { readonly handler: string; readonly runtime: string } | undefined;
    readonly zippedBytes: number;
    readonly unzippedBytes: number;
  }[];
  readonly template: {
    readonly Resources: Readonly<Record<string, { readonly Type: string }>>;
    readonly Outputs?: Readonly<Record<string, unknown>>;
  };
  readonly templateText: string;
  readonly buildId: string;
  readonly warnings: readonly string[];
};

/** What a new stack would be made of, as text for a person; sorted, so that two of them can be compared. */
export function summaryOf({ name, packaged, template, ...rest }: Summarized): string {
  const resources = Object.entries(template.Resources);
  const lines = [
    `${name}, ${rest.stagesInWords}`,
    `build ${rest.buildId}`,
    "",
    `Functions (${packaged.length})`,
    ...packaged.map(functionLine),
    "",
    `Resources that a new stack would add (${resources.length}; template ${sizeText(Buffer.byteLength(rest.templateText))})`,
    ...resources.map(([id, { Type }]) => `  + ${Type}  ${id}`).sort(),
    "",
    "Outputs",
    ...Object.keys(template.Outputs ?? {}).map((output) => `  ${output}`),
    ...(rest.warnings.length === 0
      ? []
      : ["", "Warnings", ...rest.warnings.map((one) => `  ${one}`)]),
  ];
  return `${lines.join("\n")}\n`;
}

function functionLine(fn: Summarized["packaged"][number]): string {
  const runs = fn.runs === undefined ? "" : `  ${fn.runs.handler} on ${fn.runs.runtime}`;
  return `  ${fn.name}  ${sizeText(fn.zippedBytes)} zipped, ${sizeText(fn.unzippedBytes)} unzipped${runs}`;
}

/** Bytes for a person: `512 B`, `378.6 kB`, `2.1 MB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 999_950) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
