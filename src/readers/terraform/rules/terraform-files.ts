/** Whether a file of Terraform has a WebSocket API, by a look at its words alone. */
export function hasTerraformApi(text: string): boolean {
  return /"WEBSOCKET"/.test(withoutComments(text));
}

/** The modules beside it that a file of Terraform calls, as it names them. */
export function localModules(text: string): readonly string[] {
  const named = withoutComments(text).matchAll(
    /\bsource"?[ \t]*[=:][ \t]*"(\.{1,2}(?:\/[^"\n]*)?)"/g,
  );
  return [...named].map(([, source = ""]) => source);
}

/** By which new files of a module are noticed. */
export const SOURCE_PATTERNS = ["*.tf", "*.tofu", "*.tf.json", "*.tofu.json"];

/** Whether a file is the source of a module, by its name. */
export function isSourceFile(file: string): boolean {
  return /\.(?:tf|tofu)(?:\.json)?$/.test(file);
}

/** Whether a file is one that only OpenTofu reads. */
export function isOfTofu(name: string): boolean {
  return /\.tofu(?:\.json)?$/.test(name);
}

/** Whether a file is of Terraform, by its name or, for JSON, by what is in it. */
export function isTerraformFile(file: string, text: () => string): boolean {
  return isSourceFile(file) || (file.endsWith(".json") && isPlanOrState(text()));
}

/** Whether JSON is what `terraform show -json` writes of a plan or a state. */
function isPlanOrState(text: string): boolean {
  return /"format_version"\s*:/.test(text) && /"(?:planned_values|values)"\s*:/.test(text);
}

function withoutComments(text: string): string {
  return text.replace(/^[ \t]*(?:#|\/\/).*$/gm, "");
}
