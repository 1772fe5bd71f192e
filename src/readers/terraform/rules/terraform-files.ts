/** Whether a Terraform file mentions a WebSocket API, by scanning for words. */
export function hasTerraformApi(text: string): boolean {
  return /"WEBSOCKET"/.test(withoutComments(text));
}

/** The local modules that a Terraform file calls, as written. */
export function localModules(text: string): readonly string[] {
  const named = withoutComments(text).matchAll(
    /\bsource"?[ \t]*[=:][ \t]*"(\.{1,2}(?:\/[^"\n]*)?)"/g,
  );
  return [...named].map(([, source = ""]) => source);
}

/** Patterns for noticing new files of a module. */
export const SOURCE_PATTERNS = ["*.tf", "*.tofu", "*.tf.json", "*.tofu.json"];

/** Whether a file is the source of a module, by its name. */
export function isSourceFile(file: string): boolean {
  return /\.(?:tf|tofu)(?:\.json)?$/.test(file);
}

/** Whether only OpenTofu reads a file. */
export function isOfTofu(name: string): boolean {
  return /\.tofu(?:\.json)?$/.test(name);
}

/** Whether a file is Terraform's, by its name or, for JSON, by its contents. */
export function isTerraformFile(file: string, text: () => string): boolean {
  return isSourceFile(file) || (file.endsWith(".json") && isPlanOrState(text()));
}

/** Whether JSON is the output of `terraform show -json` for a plan or a state. */
function isPlanOrState(text: string): boolean {
  return /"format_version"\s*:/.test(text) && /"(?:planned_values|values)"\s*:/.test(text);
}

function withoutComments(text: string): string {
  return text.replace(/^[ \t]*(?:#|\/\/).*/gm, "");
}
