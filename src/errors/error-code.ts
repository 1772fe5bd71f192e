/** The code that the system or Node gives an error, such as `ENOENT`; undefined for all without one. */
export function errorCode(error: unknown): string | undefined {
  // Not instanceof: within Jest, Node's errors are of another realm than this code.
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
