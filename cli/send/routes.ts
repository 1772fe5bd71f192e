import { readProject } from "../../src/app.ts";
import { selectionPathOf } from "./complete.ts";
import type { Session } from "./session.ts";

export type KnownRoutes = {
  /** Those that a message can choose. */
  readonly routeKeys: readonly string[];
  readonly selectionPath: readonly string[] | undefined;
};

/**
 * The routes of the API that is talked to: the local gateway tells them, else the definition of the
 * project in the working folder. Undefined when there is neither.
 */
export async function knownRoutes(session: Session): Promise<KnownRoutes | undefined> {
  const gateway = session.current?.connected?.gateway;
  const api = await (gateway === undefined
    ? readProject({ cwd: session.cwd }).then((project) => project.api)
    : gateway.control.api()
  ).catch(() => undefined);
  if (api === undefined) return undefined;
  const isOwn = (routeKey: string) => !routeKey.startsWith("$");
  return {
    routeKeys: Object.keys(api.routes).filter(isOwn),
    selectionPath: selectionPathOf(api.routeSelectionExpression),
  };
}
