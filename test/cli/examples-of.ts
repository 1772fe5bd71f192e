import yargs from "yargs";
import type { Command } from "../../cli/command.ts";

/** The examples in the help of a command, as somebody would type them. */
export function examplesOf(command: Command): readonly string[] {
  const lines: string[] = [];
  const parser = yargs();
  parser.example = ((line: string) => {
    lines.push(line.replaceAll("$0", "wsgw"));
    return parser;
  }) as unknown as typeof parser.example;
  const { builder } = command.define(() => {});
  if (typeof builder === "function") builder(parser);
  return lines;
}
