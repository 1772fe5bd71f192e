import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { type LoadedProject, loadProject } from "../emulator/load-project.ts";
import { whyNotWritten } from "../errors/in-words.ts";
import { WsgwError } from "../errors.ts";
import type { ProjectSource } from "../readers/load-definition.ts";

type DescribeFormat = "html" | "json" | "mermaid" | "text";

export type DescribeOptions = ProjectSource & {
  /** Default `text`. */
  readonly format?: DescribeFormat;
  /** Output file, relative to `cwd`. */
  readonly out?: string;
};

export type DescribedProject = {
  readonly text: string;
  /** Absolute path of the written file. */
  readonly file?: string;
  /** Problems that AWS accepts, but the author may not intend. */
  readonly warnings: readonly string[];
};

/** Describes the project in `cwd`. */
export async function describeProject(options: DescribeOptions): Promise<DescribedProject> {
  const { cwd, format = "text", out } = options;
  const { project, source, root, warnings } = await loadProject(options);
  const text = await render({ project, source, root }, format);
  if (out === undefined) return { text, warnings };
  const file = resolve(cwd, out);
  try {
    writeFileSync(file, text);
  } catch (cause) {
    throw new WsgwError(
      "OUTPUT_UNWRITABLE",
      `${file} cannot be written: ${whyNotWritten(cause, file)}.`,
      { cause },
    );
  }
  return { text, file, warnings };
}

/** Loaded on use: every command loads the surrounding code. */
async function render(
  { project, source, root }: Pick<LoadedProject, "project" | "source" | "root">,
  format: DescribeFormat,
): Promise<string> {
  const { descriptionOf, describeAsJson } = await import("./describe.ts");
  const description = descriptionOf(project, source, root);
  switch (format) {
    case "html":
      return (await import("./html.ts")).describeAsHtml(description);
    case "json":
      return describeAsJson(description);
    case "mermaid":
      return (await import("./mermaid.ts")).describeAsMermaid(description);
    case "text":
      return (await import("./text.ts")).describeAsText(description);
    default:
      return format satisfies never;
  }
}
