import type { LocalProject } from "../definition/local-project.ts";
import type { ApiTable } from "../definition/project.ts";
import { WsgwError } from "../errors.ts";
import { checkPermissions } from "./dynamodb/check-permissions.ts";
import { failureInputsOfSeeds, plantSeeds, readSeeds } from "./dynamodb/seed.ts";
import { openTables, type Tables } from "./dynamodb/table.ts";
import type { KeyRing } from "./iam/keys.ts";
import type { CheckPermission } from "./iam/permissions.ts";
import type { InvocationOf } from "./lambda/known-invocations.ts";
import type { EmulatorSettings } from "./options.ts";

/** Opens the store of a project's tables; undefined if it has none. */
export async function openTablesFor(
  project: LocalProject,
  settings: Pick<
    EmulatorSettings,
    | "accountId"
    | "dataDir"
    | "dynamodbEndpoint"
    | "dynamodbPort"
    | "interference"
    | "journal"
    | "region"
  >,
  keys: KeyRing,
  invocationOf: InvocationOf,
  check: CheckPermission,
): Promise<Tables | undefined> {
  const { dynamodbEndpoint, region, accountId, journal, interference } = settings;
  if (dynamodbEndpoint !== undefined) {
    const credentials = keys.forTables;
    return openTables({ kind: "external", endpoint: dynamodbEndpoint, region, credentials });
  }
  return tablesOf(project).length === 0
    ? undefined
    : openTables({
        kind: "local",
        data: settings.dataDir,
        port: settings.dynamodbPort,
        region,
        accountId,
        secretFor: keys.secretFor,
        journal,
        invocationOf: (...call) => invocationOf(...call)?.started,
        steps: [checkPermissions(check, accountId), ...[interference.tables ?? []].flat()],
      });
}

/** Creates the missing tables with their seeds. If it throws SEED_INVALID, it has created none. */
export async function createTables(
  project: LocalProject,
  tables: Tables | undefined,
  root: string,
): Promise<void> {
  const seeds = readSeeds(project, root);
  if (tables === undefined) return;
  const fresh = await tables.create(tablesOf(project));
  if (seeds.size === 0) return;
  try {
    await plantSeeds(tables.dynamoDb, seeds, fresh);
  } catch (error) {
    await tables.remove(fresh); // existing tables are not seeded again
    if (!(error instanceof WsgwError)) throw error;
    const failureInputs = failureInputsOfSeeds(project, root);
    throw new WsgwError(error.code, error.message, { cause: error, failureInputs });
  }
}

function tablesOf({ tables }: LocalProject): readonly ApiTable[] {
  return Object.values(tables);
}
