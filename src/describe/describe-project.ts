import { writeFileSync } from "node:fs";
import { basename, relative, resolve } from "node:path";
import { checkProject } from "../definition/checks.ts";
import { fromDefinitionFolder } from "../definition/local-project.ts";
import type { RootedProject } from "../definition/project.ts";
import { parseRouteExpression } from "../emulator/apigateway/message/rules/route-expression.ts";
import { whyNotWritten } from "../errors/in-words.ts";
import { WsgwError } from "../errors.ts";
import { loadConfig } from "../readers/config/config-file.ts";

type DescribeFormat = "html" | "json" | "mermaid" | "text";

export type DescribeOptions = {
  readonly cwd: string;
  /** The config file, relative to `cwd`. */
  readonly config?: string;
  /** Default `text`. */
  readonly format?: DescribeFormat;
  /** File to write, relative to `cwd`. */
  readonly out?: string;
};

/** Describes the project in `cwd`. Returns the text, and the absolute path of the file if it wrote one. */
export async function describeProject(
  options: DescribeOptions,
): Promise<{ readonly text: string; readonly file?: string }> {
  const { config, cwd, format = "text", out } = options;
  const { definition, file: source } = await loadConfig({ cwd, file: config });
  const { project } = checkProject(definition, relative(cwd, source) || basename(source), {
    parseExpression: parseRouteExpression,
  });
  const text = await render(fromDefinitionFolder(project), format);
  if (out === undefined) return { text };
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
  return { text, file };
}

/** Loaded when it is used: every command loads what stands around it. */
async function render(project: RootedProject, format: DescribeFormat): Promise<string> {
  const { descriptionOf, describeAsJson } = await import("./describe.ts");
  const description = descriptionOf(project);
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
