import { existsSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { isObject } from "../../readers/cloudformation/rules/tree.ts";
import type { JsonObject } from "../template/model.ts";

const BUILD = join(".aws-sam", "build");

/** Like `sam deploy`, prefers the output of `sam build` to the source template. */
export async function builtFrom(file: string, cwd: string) {
  const built = join(dirname(file), BUILD, "template.yaml");
  if (file.includes(`${sep}${BUILD}${sep}`) || !existsSync(built)) {
    return { file, remarks: [], warnings: [] };
  }
  const { readPlainTemplate } = await import("../package/package-template.ts");
  const shown = relative(cwd, built);
  const missing = lacking(readPlainTemplate(file, cwd), readPlainTemplate(built, cwd));
  if (missing.length > 0) {
    const why = `${shown} has no ${missing.join(", ")}, so it was not built from the current ${relative(cwd, file)}. wsgw ignores it. Run sam build.`;
    return { file, remarks: [], warnings: [why] };
  }
  const isOlder = statSync(built).mtimeMs < statSync(file).mtimeMs;
  return {
    file: built,
    remarks: [`${shown} is deployed, which sam build created from ${relative(cwd, file)}.`],
    warnings: isOlder
      ? [
          `${shown} is older than ${relative(cwd, file)}. Run sam build to deploy the current template.`,
        ]
      : [],
  };
}

function lacking({ Resources: wanted }: JsonObject, { Resources: has }: JsonObject) {
  if (!isObject(wanted) || !isObject(has)) return [];
  return Object.keys(wanted).filter((id) => !Object.hasOwn(has, id));
}
