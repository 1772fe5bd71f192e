import type { Clock } from "../../clock.ts";
import { isCustom } from "../../definition/integrations.ts";
import type { Route } from "../../definition/model.ts";
import type { TestTable } from "../../emulator/dynamodb/items.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import type { Fact } from "../../emulator/facts.ts";
import type { Interference } from "../../emulator/interference.ts";
import { WsgwError } from "../../errors.ts";
import { createIds } from "../../ids.ts";
import { failUnlessKnown, tableKey } from "../known-names.ts";
import { Book, type Fault, Shelf } from "./book.ts";
import { createDelays, type Delays } from "./delays.ts";
import {
  type DisconnectEffect,
  type DisconnectVerbs,
  disconnectVerbs,
  faultyDisconnects,
} from "./disconnect-faults.ts";
import { faultyEnvironments } from "./faulty-environments.ts";
import { type FunctionEffect, type FunctionVerbs, functionVerbs } from "./function-faults.ts";
import {
  faultyIntegrations,
  type IntegrationEffect,
  type IntegrationVerbs,
  integrationVerbs,
} from "./integration-faults.ts";
import { createLeaving, type Leaving, type LeavingClient } from "./leaving.ts";
import { createNaming } from "./naming.ts";
import { faultyPosts, type PostEffect, type PostVerbs, postVerbs } from "./post-faults.ts";
import type { CallSelection, EventSelection, Selection } from "./selection.ts";
import {
  faultyTables,
  type TableEffect,
  type TableSelection,
  type TableVerbs,
  tableVerbs,
} from "./table-faults.ts";

/**
 * What can be made to go wrong, by verbs. Nothing does until a verb is called. Names that the API has not
 * are USAGE, and so are selections that can select nothing.
 */
export type Faults = {
  /** Of all draws. The same seed gives the same faults; hand it to `startGateway` to see a run again. */
  readonly seed: number;
  /** Posts of functions and others to connections. */
  post(selection?: CallSelection): PostVerbs;
  /** Invocations of a function. */
  function(functionName: string, selection?: Omit<EventSelection, "function">): FunctionVerbs;
  /** Invocations for a route, such as `$connect`. */
  route(routeKey: string, selection?: Omit<EventSelection, "route">): FunctionVerbs;
  /** Calls of the integration of a route that is no Lambda proxy. */
  integration(
    routeKey: string,
    selection?: Omit<EventSelection, "function" | "route">,
  ): IntegrationVerbs;
  /** `$disconnect` of connections. */
  disconnect(selection?: Selection): DisconnectVerbs;
  /** Calls of DynamoDB about a table, by its name in the definition or on AWS. Needs the built-in DynamoDB. */
  table(name: string, selection?: TableSelection): TableVerbs;
  /**
   * The client's line is lost and the gateway does not notice: no `$disconnect`, and posts to it go well,
   * until the limit of idle time or age.
   */
  vanish(client: VanishingClient): void;
  /**
   * Puts an id that the gateway does not know into a table, as a `$disconnect` that never came leaves it
   * behind. Resolves to the id. It counts as used when somebody calls `@connections` with it.
   */
  staleConnection(options?: StaleOptions): Promise<string>;
  /** Those that never took place. */
  unused(): readonly Fault[];
  /** Fails with EXPECTATION_FAILED when a fault never took place. */
  assertAllFired(): void;
  /** Removes all that were set up. */
  clear(): void;
};

/** Any client that can drop its line: those of the harness do. */
export type VanishingClient = { readonly connectionId: string; vanish(): void };

/** The item that stands for a connection that is gone. */
export type StaleOptions = {
  /** By its name in the definition. Default: `connections`. */
  readonly table?: string;
  /** Further attributes of the item. */
  readonly item?: Readonly<Record<string, unknown>>;
};

/** Faults before their gateway is there, and after. */
export type FaultParts = {
  readonly interference: Interference;
  attach(gateway: FaultyGateway): Faults;
  addClient(client: LeavingClient): void;
  /** How many calls of functions wait for the clock. */
  heldCalls(): number;
  /** Lets go what is held, ends all faults and records those that never took place. */
  stop(): void;
};

type FaultyGateway = {
  readonly emulator: Emulator;
  readonly table: (logicalName: string) => TestTable;
  readonly hasOwnTables: boolean;
  /** Told of connections that are gone without a word. */
  readonly lost: (connectionId: string) => void;
  readonly lastFacts: () => string;
};

/** What sets faults up, and carries them out. */
type SetUp = {
  readonly clock: Clock;
  readonly book: Book;
  readonly shelves: {
    readonly posts: Shelf<PostEffect>;
    readonly events: Shelf<FunctionEffect>;
    readonly disconnects: Shelf<DisconnectEffect>;
    readonly calls: Shelf<TableEffect>;
    readonly integrations: Shelf<IntegrationEffect>;
  };
  readonly delays: Delays;
  readonly leaving: Leaving;
};

/** Creates the faults of a gateway; `ownKey` is the harness's own key for DynamoDB. */
export function createFaultParts(clock: Clock, seed: number, ownKey: string): FaultParts {
  let emulator: Emulator | undefined;
  const running = (): Emulator => {
    if (emulator === undefined) throw new Error("The gateway of these faults does not run yet.");
    return emulator;
  };
  const late = {
    record: (fact: Fact, causedBy?: number) => running().journal.record(fact, causedBy),
    subscribe: (...values: Parameters<Emulator["journal"]["subscribe"]>) =>
      running().journal.subscribe(...values),
    entries: () => running().journal.entries(),
  };
  const book = new Book(late, seed);
  const delays = createDelays(clock);
  const naming = createNaming();
  const leaving = createLeaving(() => late);
  const shelves = {
    posts: new Shelf<PostEffect>(book),
    events: new Shelf<FunctionEffect>(book),
    disconnects: new Shelf<DisconnectEffect>(book),
    calls: new Shelf<TableEffect>(book),
    integrations: new Shelf<IntegrationEffect>(book),
  };

  return {
    interference: {
      start: faultyEnvironments({ shelf: shelves.events, delays, naming, leave: leaving.leave }),
      invoke: faultyDisconnects(shelves.disconnects, { clock, delays, naming }),
      sockets: leaving.sockets,
      management: faultyPosts(shelves.posts, delays, naming),
      integrations: faultyIntegrations(shelves.integrations, delays, naming),
      tables: faultyTables(shelves.calls, delays, naming, (key) => key === ownKey),
    },
    addClient: leaving.add,
    heldCalls: delays.heldCalls,
    stop() {
      book.stop();
      delays.stop();
    },
    attach(gateway) {
      emulator = gateway.emulator;
      naming.follow(emulator.journal);
      return createFaults(gateway, { clock, book, shelves, delays, leaving });
    },
  };
}

/** The verbs, which find in the parts what sets a fault up. */
function createFaults(
  gateway: FaultyGateway,
  { clock, book, shelves, delays, leaving }: SetUp,
): Faults {
  const { posts, events, disconnects, calls, integrations } = shelves;
  const { project, journal } = gateway.emulator;
  const routes = Object.assign({}, ...Object.values(project.apis).map((api) => api.routes));
  const ids = createIds(clock);
  const known = <Chosen extends EventSelection>(selection: Chosen): Chosen => {
    if (selection.function !== undefined)
      failUnlessKnown("function", selection.function, project.functions);
    if (selection.route !== undefined) failUnlessKnown("route", selection.route, routes);
    return selection;
  };

  return {
    seed: book.seed,
    post: (selection = {}) => postVerbs(posts, known(selection)),
    function(functionName, selection = {}) {
      const chosen = known({ ...selection, function: functionName });
      return functionVerbs(events, delays, `function:${functionName}`, chosen, selection);
    },
    route(routeKey, selection = {}) {
      const chosen = known({ ...selection, route: routeKey });
      return functionVerbs(events, delays, `route:${routeKey}`, chosen, selection);
    },
    integration(routeKey, selection = {}) {
      const chosen = known({ ...selection, route: routeKey });
      if (Object.values(project.apis).every((api) => isProxied(api.routes[routeKey]))) {
        const why = "its function is called as a Lambda proxy; faults.route() has its faults";
        throw new WsgwError(
          "USAGE",
          `Route "${routeKey}" can have no faults of this kind: ${why}.`,
        );
      }
      return integrationVerbs(integrations, routeKey, chosen, selection);
    },
    disconnect: (selection = {}) => disconnectVerbs(disconnects, known(selection)),
    table(named, selection = {}) {
      const logicalName = tableKey(named, project.tables);
      if (!gateway.hasOwnTables) {
        const why = "functions call another DynamoDB directly, by dynamodbEndpoint";
        throw new WsgwError("USAGE", `Table "${logicalName}" can have no faults: ${why}.`);
      }
      const name = project.tables[logicalName]?.name ?? logicalName;
      return tableVerbs(calls, { logicalName, name }, known(selection));
    },
    vanish(client) {
      const { connectionId } = client;
      leaving.hide(connectionId);
      client.vanish();
      gateway.lost(connectionId);
      book.note("vanish()").fire({ connectionId, functionName: undefined });
    },
    async staleConnection({ table: named = "connections", item = {} } = {}) {
      const table = tableKey(named, project.tables);
      const connectionId = ids.connectionId();
      const key = project.tables[table]?.partitionKey.name ?? "";
      await gateway.table(table).put({ [key]: connectionId, ...item });
      const { fire } = book.note("staleConnection()");
      journal.subscribe((entry) => {
        if (entry.type !== "management.answered" || entry.connectionId !== connectionId) return;
        fire({ ...entry, because: entry.causedBy });
      });
      return connectionId;
    },
    unused: () => book.unused(),
    assertAllFired: () => book.assertAllFired(gateway.lastFacts),
    clear: () => book.clear(),
  };
}

function isProxied(route: Route | undefined): boolean {
  return route === undefined || !isCustom(route.integration);
}
