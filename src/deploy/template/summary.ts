import type { RootedProject } from "../../definition/project.ts";
import { stagesInWords } from "../rules/deployed-project.ts";
import { deployedHandler } from "./deployed-handler.ts";

/** What a summary tells of. */
type Summarized = {
  readonly project: RootedProject;
  readonly packaged: readonly {
    readonly name: string;
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
export function summaryOf({ project, packaged, template, ...rest }: Summarized): string {
  const resources = Object.entries(template.Resources);
  const lines = [
    `${project.name}, ${stagesInWords(project)}`,
    `build ${rest.buildId}`,
    "",
    `Functions (${packaged.length})`,
    ...packaged.map((fn) => functionLine(project, fn)),
    "",
    `Resources that a new stack would add (${resources.length}; template ${sizeText(Buffer.byteLength(rest.templateText))})`,
    ...resources.map(([id, { Type }]) => `  + ${Type}  ${id}`).sort(),
    "",
    "Outputs",
    ...Object.keys(template.Outputs ?? {}).map((name) => `  ${name}`),
    ...(rest.warnings.length === 0
      ? []
      : ["", "Warnings", ...rest.warnings.map((one) => `  ${one}`)]),
  ];
  return `${lines.join("\n")}\n`;
}

function functionLine(
  { functions }: RootedProject,
  { name, zippedBytes, unzippedBytes }: Summarized["packaged"][number],
): string {
  const fn = functions[name];
  const runs = fn === undefined ? "" : `  ${deployedHandler(fn)} on ${fn.runtime}`;
  return `  ${name}  ${sizeText(zippedBytes)} zipped, ${sizeText(unzippedBytes)} unzipped${runs}`;
}

/** Bytes for a person: `512 B`, `378.6 kB`, `2.1 MB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 999_950) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
