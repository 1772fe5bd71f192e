import { dirname } from "node:path";
import { getTsconfig } from "get-tsconfig";
import { parse } from "yaml";

/** What the reader of Terraform takes from packages, which the build of that reader leaves to the rest of wsgw. */
export const terraformTools = {
  /** As `yamldecode()` reads it. */
  parseYaml: (text: string) => parse(text, { version: "1.1", maxAliasCount: 100 }),
  tsconfigAbove: (file: string) => {
    try {
      const found = getTsconfig(dirname(file));
      return found === null ? undefined : { path: found.path, ...found.config.compilerOptions };
    } catch {
      return undefined; // one that cannot be read says nothing about what it compiles
    }
  },
};
