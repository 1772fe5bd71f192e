import { dirname } from "node:path";
import { getTsconfig } from "get-tsconfig";
import { parse } from "yaml";

/** Package functions for the Terraform reader, which its separate build leaves to the rest of wsgw. */
export const terraformTools = {
  /** As `yamldecode()` parses it. */
  parseYaml: (text: string) => parse(text, { version: "1.1", maxAliasCount: 100 }),
  tsconfigAbove: (file: string) => {
    try {
      const found = getTsconfig(dirname(file));
      return found === null ? undefined : { path: found.path, ...found.config.compilerOptions };
    } catch {
      return undefined; // an unreadable file says nothing about what it compiles
    }
  },
};
