import type { Completer } from "node:readline";
import type { History } from "./history.ts";
import { type KnownRoutes, knownRoutes } from "./known-routes.ts";
import type { Session } from "./session.ts";
import { complete } from "./tab-completion.ts";

const ALWAYS = ["last", "id", "uuid", "now"];

/** Completes with the values known so far: Tab never waits. `refresh` asks the gateway again. */
export function createCompleter(
  session: () => Session,
  history: History,
): { readonly complete: Completer; refresh(): void } {
  let routes: KnownRoutes | undefined;
  let ids: readonly string[] = [];
  let asking = false;

  async function ask(): Promise<void> {
    const current = session();
    routes = (await knownRoutes(current)) ?? routes;
    const control = current.current?.connected?.gateway?.control;
    const connections = (await control?.connections().catch(() => [])) ?? [];
    ids = connections.map(({ connectionId }) => connectionId);
  }

  return {
    complete(line) {
      const { peers, variables, templates } = session();
      const candidates = complete(line, {
        lines: history.all(),
        routeKeys: routes?.routeKeys ?? [],
        selectionPath: routes?.selectionPath,
        peers: peers.all().map(({ name }) => name),
        connectionIds: ids,
        variables: [...variables.list().map(([name]) => name), ...ALWAYS],
        templates: [...templates.keys()],
      });
      return [[...candidates], line];
    },
    refresh() {
      // The definition of a project is read only once; a gateway answers fast.
      const isLocal = session().current?.connected?.gateway !== undefined;
      if (asking || (!isLocal && routes !== undefined)) return;
      asking = true;
      void ask().finally(() => {
        asking = false;
      });
    },
  };
}
