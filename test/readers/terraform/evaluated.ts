import { homedir } from "node:os";
import { basename, dirname, resolve } from "node:path";
import { parse } from "yaml";
import { evaluate } from "../../../src/readers/terraform/rules/evaluate-hcl.ts";
import type { FunctionContext } from "../../../src/readers/terraform/rules/functions.ts";
import { parseExpression } from "../../../src/readers/terraform/rules/parse-hcl.ts";
import type { Value } from "../../../src/readers/terraform/rules/values.ts";

type Files = Readonly<Record<string, string>>;

/** What functions ask for, with these files in the project. */
export function contextOf(files: Files): FunctionContext {
  return {
    root: "/project",
    paths: {
      absolute: (path) => resolve("/project", path),
      expanded: (path) => path.replace(/^~(?=\/|$)/, homedir()),
      basename: (path) => basename(path),
      dirname: (path) => dirname(path),
    },
    read: (file) => {
      const found = files[file.replace("/project/", "")];
      return found === undefined ? undefined : Buffer.from(found);
    },
    filesBelow: () => Object.keys(files),
    yaml: (yaml) => parse(yaml, { version: "1.1" }),
    count: () => {},
  };
}

/** What an expression of HCL is, with these files. */
export function evaluated(text: string, { files = {} }: { readonly files?: Files } = {}): Value {
  const scope = { file: "/project/main.tf", named: () => undefined, context: contextOf(files) };
  return evaluate(parseExpression(text), scope);
}
