import { readProject } from "../../src/app.ts";
import type { Session } from "./session.ts";
import { selectionPathOf } from "./tab-completion.ts";

export type KnownRoutes = {
  /** Those that a message can select. */
  readonly routeKeys: readonly string[];
  readonly selectionPath: readonly string[] | undefined;
};

/**
 * The routes of the connected API: from the local gateway, else from the definition of the project in the
 * working directory. Undefined without either.
 */
export async function knownRoutes(session: Session): Promise<KnownRoutes | undefined> {
  const connected = session.current?.connected;
  const gateway = connected?.gateway;
  const project = await (gateway === undefined
    ? readProject({ cwd: session.cwd }).then((found) => found.project)
    : gateway.control.project()
  ).catch(() => undefined);
  if (project === undefined) return undefined;
  const name = await gateway?.control
    .connections()
    .then((all) => all.find(({ connectionId }) => connectionId === connected?.connectionId)?.api)
    .catch(() => undefined);
  const api = project.apis[name ?? ""] ?? Object.values(project.apis)[0];
  if (api === undefined) return undefined;
  const isOwn = (routeKey: string) => !routeKey.startsWith("$");
  return {
    routeKeys: Object.keys(api.routes).filter(isOwn),
    selectionPath: selectionPathOf(api.routeSelectionExpression),
  };
}
