import type { ApiTable, Project } from "../../definition/project.ts";
import { createTableRequest } from "../../emulator/dynamodb/rules/create-table.ts";
import { tableLogicalId } from "./logical-ids.ts";
import { type JsonObject, plainJson, type Resource } from "./model.ts";

/**
 * The tables of a project. Those with indexes are created one after the other, because DynamoDB limits how
 * many are created at once.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-dynamodb-table.html
 */
export function tableResources({
  tables: all,
}: Pick<Project, "tables">): Readonly<Record<string, Resource>> {
  const tables = Object.values(all).sort(byName);
  const indexed = tables.filter(({ indexes }) => Object.keys(indexes).length > 0);
  return Object.fromEntries(
    tables.map((table) => [
      tableLogicalId(table.logicalName),
      tableResource(table, indexed[indexed.indexOf(table) - 1]),
    ]),
  );
}

/** CloudFormation generates the name, so that a table can be replaced. */
function tableResource(table: ApiTable, after: ApiTable | undefined): Resource {
  const { TableName: _, ...request } = createTableRequest(inOrder(table));
  const keeps = table.deletionPolicy === "Retain";
  return {
    Type: "AWS::DynamoDB::Table",
    ...(after && { DependsOn: [tableLogicalId(after.logicalName)] }),
    // A table from a failed deployment is empty, and would block the next one.
    DeletionPolicy: keeps ? "RetainExceptOnCreate" : "Delete",
    UpdateReplacePolicy: table.deletionPolicy,
    Properties: {
      ...(plainJson(request) as JsonObject),
      SSESpecification: { SSEEnabled: true },
      ...(table.timeToLive !== undefined && {
        TimeToLiveSpecification: { AttributeName: table.timeToLive, Enabled: true },
      }),
    },
  };
}

/** DynamoDB ignores the order of indexes in the definition. */
function inOrder(table: ApiTable): ApiTable {
  const indexes = Object.entries(table.indexes).sort(([left], [right]) => (left < right ? -1 : 1));
  return { ...table, indexes: Object.fromEntries(indexes) };
}

/** The tables that a function may use, sorted by name. */
export function tablesOf(
  { tables }: Pick<Project, "tables">,
  functionName: string,
): readonly ApiTable[] {
  return Object.values(tables)
    .filter((table) => table.functions.includes(functionName))
    .sort(byName);
}

function byName(left: ApiTable, right: ApiTable): number {
  return left.logicalName < right.logicalName ? -1 : 1;
}
