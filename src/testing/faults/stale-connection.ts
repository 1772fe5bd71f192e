import type { TestTable } from "../../emulator/dynamodb/items.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import type { Ids } from "../../ids.ts";
import { tableKey } from "../known-names.ts";
import type { FaultRegistry } from "./fault-registry.ts";

/** The item of a stale connection. */
export type StaleOptions = {
  /** By its name in the definition. Default: `connections`. */
  readonly table?: string;
  /** Additional attributes of the item. */
  readonly item?: Readonly<Record<string, unknown>>;
};

/**
 * Puts an id that the gateway does not know into a table, as a missing `$disconnect` leaves it behind, and
 * returns it. The fault fires when `@connections` is called with it.
 */
export async function putStaleConnection(
  { table: named = "connections", item = {} }: StaleOptions,
  parts: {
    readonly emulator: Pick<Emulator, "project" | "journal">;
    readonly table: (logicalName: string) => TestTable;
    readonly registry: FaultRegistry;
    readonly ids: Ids;
  },
): Promise<string> {
  const { project, journal } = parts.emulator;
  const table = tableKey(named, project.tables);
  const connectionId = parts.ids.connectionId();
  const key = project.tables[table]?.partitionKey.name ?? "";
  await parts.table(table).put({ [key]: connectionId, ...item });
  const { fire } = parts.registry.note("staleConnection()");
  journal.subscribe((entry) => {
    if (entry.type !== "management.answered" || entry.connectionId !== connectionId) return;
    fire({ ...entry, because: entry.causedBy });
  });
  return connectionId;
}
