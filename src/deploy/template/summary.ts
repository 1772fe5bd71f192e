/** The contents of a summary. */
type Summarized = {
  /** The project, with its stages or template. */
  readonly name: string;
  readonly stagesInWords: string;
  readonly packaged: readonly {
    readonly name: string;
    readonly of: "function" | "layer" | "files";
    /** Whether the stack omits it because its condition is false. */
    readonly isLeftOut: boolean;
    /** Handler and runtime, as far as known. */
    readonly runs?: { readonly handler: string; readonly runtime: string } | undefined;
    readonly zippedBytes: number;
    readonly unzippedBytes: number;
  }[];
  readonly template: {
    readonly Resources: Readonly<
      Record<string, { readonly Type: string; readonly Condition?: string }>
    >;
    readonly Outputs?: Readonly<Record<string, { readonly Condition?: string }>>;
  };
  readonly falseConditions: readonly string[];
  readonly templateText: string;
  readonly buildId: string;
  readonly warnings: readonly string[];
};

/** The contents of a new stack as text; sorted, so that two of them can be compared. */
export function summaryOf({ name, packaged, template, ...rest }: Summarized): string {
  const added = stated(template.Resources, rest.falseConditions);
  const leftOut = Object.entries(template.Resources).filter(([id]) => !added.includes(id));
  const outputs = template.Outputs ?? {};
  const lines = [
    `${name}, ${rest.stagesInWords}`,
    `build ${rest.buildId}`,
    ...codeLines("Functions", packaged, "function"),
    ...codeLines("Layers", packaged, "layer"),
    ...codeLines("Archives", packaged, "files"),
    "",
    `Resources that a new stack would add (${added.length}; template ${sizeText(Buffer.byteLength(rest.templateText))})`,
    ...added.map((id) => `  + ${template.Resources[id]?.Type}  ${id}`).sort(),
    ...section(
      "Omitted, because their condition is false",
      leftOut.map(([id, { Type, Condition }]) => `${Type}  ${id}, condition ${Condition}`).sort(),
    ),
    "",
    "Outputs",
    ...stated(outputs, rest.falseConditions).map((output) => `  ${output}`),
    ...section("Warnings", rest.warnings),
  ];
  return `${lines.join("\n")}\n`;
}

/** The names of those whose condition is not false. */
export function stated(
  all: Readonly<Record<string, { readonly Condition?: string }>>,
  falseConditions: readonly string[],
): readonly string[] {
  return Object.keys(all).filter((name) => !falseConditions.includes(all[name]?.Condition ?? ""));
}

type Packaged = Summarized["packaged"][number];

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`)];
}

function codeLines(
  title: string,
  packaged: readonly Packaged[],
  what: Packaged["of"],
): readonly string[] {
  const added = packaged.filter(({ of, isLeftOut }) => of === what && !isLeftOut);
  return section(`${title} (${added.length})`, added.map(codeLine));
}

function codeLine(code: Packaged): string {
  const runs = code.runs === undefined ? "" : `  ${code.runs.handler} on ${code.runs.runtime}`;
  return `${code.name}  ${sizeText(code.zippedBytes)} zipped, ${sizeText(code.unzippedBytes)} unzipped${runs}`;
}

/** Bytes for a person: `512 B`, `378.6 kB`, `2.1 MB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 999_950) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
