import { parse } from "yaml";
import { evaluate } from "../../../src/readers/terraform/rules/evaluate-hcl.ts";
import { parseExpression } from "../../../src/readers/terraform/rules/parse-hcl.ts";
import type { Entries, Value } from "../../../src/readers/terraform/rules/values.ts";

/** What an expression of HCL is, with these names and files. */
export function evaluated(
  text: string,
  { names = {}, files = {} }: { names?: Entries; files?: Readonly<Record<string, string>> } = {},
): Value {
  const context = {
    root: "/project",
    read: (file: string) => {
      const found = files[file.replace("/project/", "")];
      return found === undefined ? undefined : Buffer.from(found);
    },
    filesBelow: () => Object.keys(files),
    yaml: (yaml: string) => parse(yaml, { version: "1.1" }),
    count: () => {},
  };
  const named = (name: string) => names[name];
  return evaluate(parseExpression(text), { file: "/project/main.tf", named, context });
}
