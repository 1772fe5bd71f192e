import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { jsonIn } from "../../bundle/directory-files.ts";
import { fieldOf, stringIn } from "../../values/json.ts";

/** Why wsgw does not run Serverless 4. */
export const FOURTH =
  "Serverless 4 needs a login to package. Run serverless package, and wsgw reads its output.";

export type Program = {
  readonly name: string;
  /** Its script; absolute. */
  readonly script: string;
  /** Whether it requires a login. */
  readonly isFourth: boolean;
};

/** The Serverless that is installed for a directory: osls before Serverless itself. */
export function installedServerless(directory: string): Program | undefined {
  const require = createRequire(join(directory, "package.json"));
  for (const name of ["osls", "serverless"]) {
    const manifest = resolved(require, `${name}/package.json`);
    if (manifest === undefined) continue;
    const json = jsonIn(manifest);
    const script = stringIn(fieldOf(json, "bin"), "serverless") ?? "bin/serverless.js";
    const major = Number.parseInt(stringIn(json, "version") ?? "", 10);
    const isFourth = name === "serverless" && major >= 4;
    return { name, script: join(dirname(manifest), script), isFourth };
  }
  return undefined;
}

function resolved(require: NodeJS.Require, module: string): string | undefined {
  try {
    return require.resolve(module);
  } catch {
    return undefined; // it is not installed
  }
}
