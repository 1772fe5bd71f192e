/** Log events in the order of their time; those of the same ms stay as they came. */
export function orderEvents<T extends { readonly at: number }>(events: readonly T[]): readonly T[] {
  return [...events].sort((a, b) => a.at - b.at);
}
