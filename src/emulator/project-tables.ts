import type { LocalProject } from "../definition/local-project.ts";
import { checkPermissions } from "./dynamodb/check-permissions.ts";
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
  return Object.keys(project.tables).length === 0
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
