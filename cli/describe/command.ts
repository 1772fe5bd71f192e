import { relative } from "node:path";
import { given } from "../../src/values/given.ts";
import { command, once, PROJECT_OPTIONS, projectSource } from "../command.ts";
import { coloursFor } from "../terminal/colours.ts";
import { printable } from "../terminal/control-characters.ts";
import { print, printFitted } from "../terminal/output.ts";

const FORMATS = ["text", "json", "mermaid", "html"] as const;

const OPTIONS = {
  ...PROJECT_OPTIONS,
  format: {
    alias: "f",
    describe: "text, json, mermaid, or html: one page with the graph [text]",
    requiresArg: true,
    coerce: once(
      "format",
      (value) => FORMATS.find((format) => format === value),
      `one of ${FORMATS.join(", ")}`,
    ),
  },
  out: {
    alias: "o",
    describe: "File to write instead of standard output",
    requiresArg: true,
    coerce: once("out", (value) => (value === "" ? undefined : value), "a file"),
  },
} as const;

/** `wsgw describe`: the parts and permissions of the API, from its definition alone. */
export const describe = command({
  name: "describe",
  describe: "Show routes, functions, tables and permissions of the API",
  usage: "[options]",
  options: OPTIONS,
  examples: [
    ["$0 describe", "a summary on the terminal"],
    ["$0 describe -f html -o api.html", "a page with the graph"],
  ],
  epilogue: "This reads only the definition and does not call AWS.",
  read:
    ({ format, out, ...args }) =>
    async (io) => {
      const { describeProject } = await io.app();
      const { text, file, warnings } = await describeProject({
        ...projectSource(args, io),
        ...given({ format, out }),
      });
      const paint = coloursFor(io.stderr, io, args.color);
      for (const line of warnings)
        printFitted(io.stderr, `${paint.yellow("!")} ${printable(line)}`);
      const show = format === undefined || format === "text" ? printFitted : print;
      if (file !== undefined) print(io.stdout, `Wrote ${relative(io.cwd, file)}.`);
      else show(io.stdout, text.replace(/\n$/, ""));
      return 0;
    },
});
