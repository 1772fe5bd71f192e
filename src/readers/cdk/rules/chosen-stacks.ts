import type { ManifestStack } from "./manifest.ts";

/**
 * The stacks that a user selects by name, with all their dependencies; undefined if the name does not exist.
 */
export function chosenStacks<
  T extends Pick<ManifestStack, "id" | "displayName" | "stackName" | "dependencies">,
>(stacks: readonly T[], name: string): readonly T[] | undefined {
  const meant = stacks.filter(({ id, displayName, stackName }) =>
    [id, displayName, stackName].includes(name),
  );
  if (meant.length === 0) return undefined;
  const chosen = new Set<T>();
  const choose = (stack: T): void => {
    if (chosen.has(stack)) return;
    chosen.add(stack);
    for (const each of stacks) if (stack.dependencies.includes(each.id)) choose(each);
  };
  for (const stack of meant) choose(stack);
  return stacks.filter((stack) => chosen.has(stack));
}
