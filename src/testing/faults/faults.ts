import type { Clock } from "../../clock.ts";
import type { Route } from "../../definition/checked-project.ts";
import { isCustom } from "../../definition/integrations.ts";
import type { TestTable } from "../../emulator/dynamodb/items.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import type { Fact } from "../../emulator/facts.ts";
import type { Interference } from "../../emulator/interference.ts";
import { WsgwError } from "../../errors.ts";
import { createIds } from "../../ids.ts";
import { failUnlessKnown, tableKey } from "../known-names.ts";
import { createAliases } from "./aliases.ts";
import {
  type ClientDisconnects,
  createClientDisconnects,
  type DisconnectableClient,
  type VanishingClient,
} from "./client-disconnects.ts";
import { createDelays, type Delays } from "./delays.ts";
import {
  type DisconnectEffect,
  type DisconnectVerbs,
  disconnectVerbs,
  faultyDisconnects,
} from "./disconnect-faults.ts";
import { type Fault, FaultRegistry, FaultsOfKind } from "./fault-registry.ts";
import {
  type FunctionEffect,
  type FunctionVerbs,
  faultyEnvironments,
  functionVerbs,
} from "./function-faults.ts";
import {
  faultyIntegrations,
  type IntegrationEffect,
  type IntegrationVerbs,
  integrationVerbs,
} from "./integration-faults.ts";
import { faultyPosts, type PostEffect, type PostVerbs, postVerbs } from "./post-faults.ts";
import type { CallSelection, EventSelection, Selection } from "./selection.ts";
import { putStaleConnection, type StaleOptions } from "./stale-connection.ts";
import {
  faultyTables,
  type TableEffect,
  type TableSelection,
  type TableVerbs,
  tableVerbs,
} from "./table-faults.ts";

/** Configures faults. Unknown names, and selections that can match nothing, throw USAGE. */
export type Faults = {
  /**
   * Seed of all random draws. The same seed gives the same faults; pass it to `startGateway` to repeat a run.
   */
  readonly seed: number;
  /** Posts to connections, from functions and other callers. */
  post(selection?: CallSelection): PostVerbs;
  /** Invocations of a function. */
  function(functionName: string, selection?: Omit<EventSelection, "function">): FunctionVerbs;
  /** Invocations for a route, such as `$connect`. */
  route(routeKey: string, selection?: Omit<EventSelection, "route">): FunctionVerbs;
  /** Calls of a route's integration other than a Lambda proxy. */
  integration(
    routeKey: string,
    selection?: Omit<EventSelection, "function" | "route">,
  ): IntegrationVerbs;
  /** `$disconnect` of connections. */
  disconnect(selection?: Selection): DisconnectVerbs;
  /** DynamoDB calls for a table, by its name in the definition or on AWS. Requires the built-in DynamoDB. */
  table(name: string, selection?: TableSelection): TableVerbs;
  /**
   * Drops the client's connection without the gateway noticing: no `$disconnect` runs, and posts to it
   * succeed until the limit of idle time or age.
   */
  vanish(client: VanishingClient): void;
  /**
   * Puts an unknown connection id into a table, as a missing `$disconnect` leaves it behind. Resolves to the
   * id. Counts as fired when `@connections` is called with it.
   */
  staleConnection(options?: StaleOptions): Promise<string>;
  /** Those that never fired. */
  unused(): readonly Fault[];
  /** Throws EXPECTATION_FAILED if a fault never fired. */
  assertAllFired(): void;
  /** Removes all configured faults. */
  clear(): void;
};

/** Faults before and after their gateway exists. */
export type FaultParts = {
  readonly interference: Interference;
  attach(gateway: FaultyGateway): Faults;
  addClient(client: DisconnectableClient): void;
  /** Number of function calls that wait for the clock. */
  heldCalls(): number;
  /** Releases everything delayed, disables all faults and records those that never fired. */
  stop(): void;
};

type FaultyGateway = {
  readonly emulator: Emulator;
  readonly table: (logicalName: string) => TestTable;
  readonly hasOwnTables: boolean;
  /** Called for connections that were dropped without a close. */
  readonly lost: (connectionId: string) => void;
  readonly lastFacts: () => string;
};

/** Configures and executes faults. */
type SetUp = {
  readonly clock: Clock;
  readonly registry: FaultRegistry;
  readonly shelves: {
    readonly posts: FaultsOfKind<PostEffect>;
    readonly events: FaultsOfKind<FunctionEffect>;
    readonly disconnects: FaultsOfKind<DisconnectEffect>;
    readonly calls: FaultsOfKind<TableEffect>;
    readonly integrations: FaultsOfKind<IntegrationEffect>;
  };
  readonly delays: Delays;
  readonly disconnects: ClientDisconnects;
};

/** Creates the faults of a gateway; `ownKey` is the harness's own key for DynamoDB. */
export function createFaultParts(clock: Clock, seed: number, ownKey: string): FaultParts {
  let emulator: Emulator | undefined;
  const running = (): Emulator => {
    if (emulator === undefined) throw new Error("The gateway of these faults is not running yet.");
    return emulator;
  };
  const late = {
    record: (fact: Fact, causedBy?: number) => running().journal.record(fact, causedBy),
    subscribe: (...values: Parameters<Emulator["journal"]["subscribe"]>) =>
      running().journal.subscribe(...values),
    entries: () => running().journal.entries(),
  };
  const registry = new FaultRegistry(late, seed);
  const delays = createDelays(clock);
  const aliases = createAliases();
  const disconnects = createClientDisconnects(() => late);
  const shelves = {
    posts: new FaultsOfKind<PostEffect>(registry),
    events: new FaultsOfKind<FunctionEffect>(registry),
    disconnects: new FaultsOfKind<DisconnectEffect>(registry),
    calls: new FaultsOfKind<TableEffect>(registry),
    integrations: new FaultsOfKind<IntegrationEffect>(registry),
  };

  return {
    interference: {
      start: faultyEnvironments({
        shelf: shelves.events,
        delays,
        aliases,
        leave: disconnects.leave,
      }),
      invoke: faultyDisconnects(shelves.disconnects, { clock, delays, aliases }),
      sockets: disconnects.sockets,
      management: faultyPosts(shelves.posts, delays, aliases),
      integrations: faultyIntegrations(shelves.integrations, delays, aliases),
      tables: faultyTables(shelves.calls, delays, aliases, (key) => key === ownKey),
    },
    addClient: disconnects.add,
    heldCalls: delays.heldCalls,
    stop() {
      registry.stop();
      delays.stop();
    },
    attach(gateway) {
      emulator = gateway.emulator;
      aliases.follow(emulator.journal);
      return createFaults(gateway, { clock, registry, shelves, delays, disconnects });
    },
  };
}

/** The public methods, which configure faults in the parts. */
function createFaults(
  gateway: FaultyGateway,
  { clock, registry, shelves, delays, disconnects: clientDisconnects }: SetUp,
): Faults {
  const { posts, events, disconnects, calls, integrations } = shelves;
  const { project } = gateway.emulator;
  const routes = Object.assign({}, ...Object.values(project.apis).map((api) => api.routes));
  const ids = createIds(clock);
  const known = <Chosen extends EventSelection>(selection: Chosen): Chosen => {
    if (selection.function !== undefined)
      failUnlessKnown("function", selection.function, project.functions);
    if (selection.route !== undefined) failUnlessKnown("route", selection.route, routes);
    return selection;
  };

  return {
    seed: registry.seed,
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
        const why = "its function is a Lambda proxy. Use faults.route()";
        throw new WsgwError(
          "USAGE",
          `Route "${routeKey}" cannot have faults of this kind: ${why}.`,
        );
      }
      return integrationVerbs(integrations, routeKey, chosen, selection);
    },
    disconnect: (selection = {}) => disconnectVerbs(disconnects, known(selection)),
    table(named, selection = {}) {
      const logicalName = tableKey(named, project.tables);
      if (!gateway.hasOwnTables) {
        const why = "functions call another DynamoDB directly, because of dynamodbEndpoint";
        throw new WsgwError("USAGE", `Table "${logicalName}" cannot have faults: ${why}.`);
      }
      const name = project.tables[logicalName]?.name ?? logicalName;
      return tableVerbs(calls, { logicalName, name }, known(selection));
    },
    vanish(client) {
      const { connectionId } = client;
      clientDisconnects.vanish(client);
      gateway.lost(connectionId);
      registry.note("vanish()").fire({ connectionId, functionName: undefined });
    },
    staleConnection: (options = {}) => putStaleConnection(options, { ...gateway, registry, ids }),
    unused: () => registry.unused(),
    assertAllFired: () => registry.assertAllFired(gateway.lastFacts),
    clear: () => registry.clear(),
  };
}

function isProxied(route: Route | undefined): boolean {
  return route === undefined || !isCustom(route.integration);
}
