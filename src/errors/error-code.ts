/** The system's or Node's code of an error, such as `ENOENT`; undefined for errors without a code. */
export function errorCode(error: unknown): string | undefined {
  // Not instanceof: in Jest, Node's errors belong to another realm than this code.
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
