import { functionsOf } from "../definition/integrations.ts";
import type { LocalProject } from "../definition/local-project.ts";

/** The functions in the order in which a client that connects and sends needs them, `most` at most. */
export function firstNeeded({ apis }: LocalProject, most: number): readonly string[] {
  const names = Object.values(apis).flatMap(({ routes }) => {
    const { $connect, $disconnect, ...messages } = routes;
    return [$connect, ...Object.values(messages), $disconnect].flatMap((route) =>
      route === undefined ? [] : functionsOf(route),
    );
  });
  return [...new Set(names)].slice(0, most);
}
