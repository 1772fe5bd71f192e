import { inWords } from "../../readers/rules/project-files.ts";
import { blocked, type Finding, good } from "./findings.ts";

/** The result of reading the definition. */
export type ConfigState =
  | { readonly kind: "good"; readonly file: string; readonly apis: readonly string[] }
  | { readonly kind: "faulty"; readonly message: string; readonly hint: string };

export function judgeConfig(config: ConfigState): Finding {
  if (config.kind === "faulty") return blocked("config", config.message, config.hint);
  const { file, apis } = config;
  return good("config", `${file} defines the API${apis.length > 1 ? "s" : ""} ${inWords(apis)}.`);
}

/** The error in the tables' seed files, if any. */
export function judgeSeeds(
  fault: { readonly message: string; readonly hint: string } | undefined,
): readonly Finding[] {
  return fault === undefined ? [] : [blocked("tables", fault.message, fault.hint)];
}
