import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { ApiTable, Project } from "../../definition/project.ts";
import { type FailureInputs, WsgwError } from "../../errors.ts";
import type { DynamoDb } from "./dynamodb-call.ts";
import { openItems } from "./items.ts";
import { readItemsFile } from "./items-file.ts";
import { type ItemJson, readItem } from "./rules/item-json.ts";
import { keyFault } from "./rules/item-keys.ts";
import type { Tables } from "./table.ts";

/** The seed items of new tables, by table name. */
export type Seeds = ReadonlyMap<string, readonly ItemJson[]>;

const MOST_FAULTS = 20;

/**
 * Creates the missing tables, and puts their seeds into them. Existing tables are not seeded again: with tables
 * in memory all are new at every start, with others only the first time. If it throws SEED_INVALID, it has
 * created none.
 */
export async function createTables(
  project: Pick<Project, "tables">,
  tables: Tables | undefined,
  root: string,
): Promise<void> {
  const seeds = readSeeds(project, root);
  if (tables === undefined) return;
  const fresh = await tables.create(Object.values(project.tables));
  if (seeds.size === 0) return;
  try {
    await plantSeeds(tables.dynamoDb, seeds, fresh);
  } catch (error) {
    await tables.remove(fresh); // else the next start would not seed them
    if (!(error instanceof WsgwError)) throw error;
    const failureInputs = failureInputsOfSeeds(project, root);
    throw new WsgwError(error.code, error.message, { cause: error, failureInputs });
  }
}

/** Reads the seed files of a project's tables. Throws SEED_INVALID with every error in them. */
export function readSeeds({ tables }: Pick<Project, "tables">, root: string): Seeds {
  const faults: string[] = [];
  const seeds = new Map<string, readonly ItemJson[]>();
  for (const table of Object.values(tables)) {
    const items = (table.seed ?? []).flatMap((file) => {
      const read = readItemsFile(resolve(root, file));
      if (read.kind === "items") {
        return itemsFor(table, read.items, (at, problem) => {
          faults.push(`${file}: item ${at} does not fit table ${table.logicalName}: ${problem}.`);
        });
      }
      faults.push(`${file}, the seed of table ${table.logicalName}, ${read.problem}.`);
      return [];
    });
    if (items.length > 0) seeds.set(table.name, items);
  }
  if (faults.length === 0) return seeds;
  const more = faults.length - MOST_FAULTS;
  const reported = faults.slice(0, MOST_FAULTS);
  throw new WsgwError(
    "SEED_INVALID",
    [...reported, ...(more > 0 ? [`… and ${more} more errors.`] : [])].join("\n"),
    { failureInputs: failureInputsOfSeeds({ tables }, root) },
  );
}

/** The files that can fix invalid seeds. */
export function failureInputsOfSeeds(
  { tables }: Pick<Project, "tables">,
  root: string,
): FailureInputs {
  const files = Object.values(tables)
    .flatMap(({ seed = [] }) => seed)
    .map((file) => resolve(root, file));
  return { read: files.filter(existsSync), missing: files.filter((file) => !existsSync(file)) };
}

/** The items in DynamoDB JSON; calls `fault` for each that a table would reject, counted from 1. */
export function itemsFor(
  table: Pick<ApiTable, "partitionKey" | "sortKey">,
  written: readonly unknown[],
  fault: (at: number, problem: string) => void,
): readonly ItemJson[] {
  return written.flatMap((each, index) => {
    const item = readItem(each);
    const problem = item === undefined ? "it is not an object" : keyFault(table, item);
    if (problem !== undefined) fault(index + 1, problem);
    return item === undefined || problem !== undefined ? [] : [item];
  });
}

/** Puts seeds into the tables that were just created. */
async function plantSeeds(
  dynamoDb: DynamoDb,
  seeds: Seeds,
  fresh: readonly ApiTable[],
): Promise<void> {
  await Promise.all(
    fresh.map((table) => openItems(dynamoDb, table).put(seeds.get(table.name) ?? [])),
  );
}
