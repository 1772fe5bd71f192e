/** Each circle of a graph once, as its edges; starts at the node whose edges come first. */
export function circlesIn<E extends { readonly from: string; readonly to: string }>(
  edges: readonly E[],
): readonly (readonly E[])[] {
  const leaving = new Map<string, E[]>();
  for (const edge of edges) leaving.set(edge.from, [...(leaving.get(edge.from) ?? []), edge]);

  const circles: (readonly E[])[] = [];
  const done = new Set<string>();
  const visit = (node: string, way: readonly E[]): void => {
    const start = way.findIndex(({ from }) => from === node);
    if (start >= 0) {
      circles.push(way.slice(start));
      return;
    }
    if (done.has(node)) return;
    for (const edge of leaving.get(node) ?? []) visit(edge.to, [...way, edge]);
    done.add(node);
  };
  for (const node of leaving.keys()) visit(node, []);
  return circles;
}
