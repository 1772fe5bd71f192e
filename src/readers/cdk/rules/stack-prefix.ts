/**
 * The start of the names of a template's functions and tables: in an app with several stacks the id of their
 * stack, and in a nested stack its own name.
 */
export function stackPrefix(
  stack: { readonly id: string },
  nested: string | undefined,
  stacks: readonly unknown[],
): readonly string[] {
  if (nested !== undefined) return [nested];
  return stacks.length === 1 ? [] : [stack.id];
}

/**
 * The name of a nested stack by the file name of its template, which is its construct path and begins with
 * that of its stack; undefined for a template that is not nested in this stack.
 */
export function nestedName(fileName: string, { id }: { readonly id: string }): string | undefined {
  const path = id.replace(/[^A-Za-z0-9]|[0-9A-F]{8}$/g, ""); // ids of stacks in stages end in a hash
  if (!fileName.startsWith(path)) return undefined;
  return fileName.slice(path.length).replace(/\.nested\.template\.json$/, "");
}
