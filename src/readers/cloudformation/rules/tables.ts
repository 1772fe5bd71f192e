import type { IndexDefinition, KeyDefinition, TableDefinition } from "../../../definition/parts.ts";
import type { UnservedTable } from "../../loaded-definition.ts";
import type { Json } from "./origins.ts";
import type { TemplatePlaces } from "./places.ts";
import type { Report } from "./report.ts";
import { type Resource, textOf } from "./stack.ts";
import { isObject, listOf } from "./tree.ts";

/** The key in `Metadata` under which wsgw's readers note the seed files of a table. */
export const SEED = "wsgw:seed";

export function isTable({ type }: Resource): boolean {
  return type === "AWS::DynamoDB::Table" || type === "AWS::DynamoDB::GlobalTable";
}

/** The tables of `AWS::DynamoDB::Table` and `GlobalTable`, by resource. */
export function readTables(
  resources: readonly Resource[],
  places: TemplatePlaces,
  report: Report,
): Readonly<Record<string, TableDefinition>> {
  const tables = resources.filter(isTable).flatMap((resource) => {
    const path = ["tables", resource.key];
    places.note(path, resource.origin());
    places.note([...path, "name"], resource.origin("TableName"));
    places.note([...path, "partitionKey"], resource.origin("KeySchema"));
    places.note([...path, "sortKey"], resource.origin("KeySchema"));
    places.note([...path, "indexes"], resource.origin("GlobalSecondaryIndexes"));
    places.note([...path, "timeToLive"], resource.origin("TimeToLiveSpecification"));
    const table = readTable(resource, report);
    return table === undefined ? [] : [[resource.key, table] as const];
  });
  return Object.fromEntries(tables);
}

/** Features of the template's tables that exist on AWS and not on this machine. */
export function readUnservedOfTables(resources: readonly Resource[]): readonly UnservedTable[] {
  return resources.filter(isTable).flatMap((resource) => {
    const timeToLive = timeToLiveOf(resource);
    const specification = resource.property("StreamSpecification");
    const view = isObject(specification) ? textOf(specification.StreamViewType) : undefined;
    const stream = view ?? (isObject(specification) ? "NEW_AND_OLD_IMAGES" : undefined);
    if (timeToLive === undefined && stream === undefined) return [];
    return [
      {
        table: resource.key,
        ...(timeToLive !== undefined && { timeToLive }),
        ...(stream !== undefined && { stream }),
      },
    ];
  });
}

/** The attribute by which items expire. */
function timeToLiveOf(resource: Resource): string | undefined {
  const ttl = resource.property("TimeToLiveSpecification");
  return isObject(ttl) && textOf(ttl.Enabled) !== "false" ? textOf(ttl.AttributeName) : undefined;
}

function readTable(resource: Resource, report: Report): TableDefinition | undefined {
  const types = new Map(
    listOf(resource.property("AttributeDefinitions"))
      .filter(isObject)
      .flatMap((attribute) => {
        const [name, type] = [textOf(attribute.AttributeName), textOf(attribute.AttributeType)];
        return name === undefined || type === undefined ? [] : [[name, type] as const];
      }),
  );
  const keys = readKeys(resource.property("KeySchema"), types);
  if (keys === undefined) {
    const problem = `${resource.key} has no partition key in both AttributeDefinitions and KeySchema. Add it to both.`;
    report({ severity: "error", origin: resource.origin("KeySchema"), problem });
    return undefined;
  }
  const timeToLive = timeToLiveOf(resource);
  const name = textOf(resource.value());
  return {
    ...(name !== undefined && { name }),
    ...keys,
    indexes: {
      ...readIndexes(resource.property("GlobalSecondaryIndexes"), types, "global"),
      ...readIndexes(resource.property("LocalSecondaryIndexes"), types, "local"),
    },
    ...(timeToLive !== undefined && { timeToLive }),
    ...capacityOf(resource),
    ...seedOf(resource),
    deletionPolicy: String(resource.attribute("DeletionPolicy")).startsWith("Retain")
      ? "Retain"
      : "Delete",
  };
}

function seedOf(resource: Resource): Pick<TableDefinition, "seed"> {
  const metadata = resource.attribute("Metadata");
  const files = isObject(metadata)
    ? listOf(metadata[SEED]).flatMap((file) => textOf(file) ?? [])
    : [];
  return files.length > 0 ? { seed: files } : {};
}

/** A table without capacity units is billed by request. */
function capacityOf(resource: Resource): Pick<TableDefinition, "capacity"> {
  const units = resource.property("ProvisionedThroughput");
  if (!isObject(units)) return {};
  const [read, write] = [Number(units.ReadCapacityUnits), Number(units.WriteCapacityUnits)];
  return read >= 1 && write >= 1 ? { capacity: { read, write } } : {};
}

function readKeys(
  schema: Json | undefined,
  types: ReadonlyMap<string, string>,
): { readonly partitionKey: KeyDefinition; readonly sortKey?: KeyDefinition } | undefined {
  const key = (role: string): KeyDefinition | undefined => {
    const element = listOf(schema)
      .filter(isObject)
      .find(({ KeyType: type }) => type === role);
    const name = textOf(element?.AttributeName);
    const type = name === undefined ? undefined : types.get(name);
    return name === undefined || !isKeyType(type) ? undefined : { name, type };
  };
  const [partitionKey, sortKey] = [key("HASH"), key("RANGE")];
  if (partitionKey === undefined) return undefined;
  return { partitionKey, ...(sortKey !== undefined && { sortKey }) };
}

function isKeyType(type: string | undefined): type is KeyDefinition["type"] {
  return type === "S" || type === "N" || type === "B";
}

function readIndexes(
  indexes: Json | undefined,
  types: ReadonlyMap<string, string>,
  scope: NonNullable<IndexDefinition["scope"]>,
): Readonly<Record<string, IndexDefinition>> {
  const read = listOf(indexes)
    .filter(isObject)
    .flatMap((index) => {
      const name = textOf(index.IndexName);
      const keys = readKeys(index.KeySchema, types);
      if (name === undefined || keys === undefined) return [];
      return [[name, { ...keys, scope, projection: projectionOf(index.Projection) }] as const];
    });
  return Object.fromEntries(read);
}

function projectionOf(projection: Json | undefined): NonNullable<IndexDefinition["projection"]> {
  if (!isObject(projection)) return "ALL";
  if (projection.ProjectionType === "KEYS_ONLY") return "KEYS_ONLY";
  if (projection.ProjectionType !== "INCLUDE") return "ALL";
  const { NonKeyAttributes: attributes } = projection;
  return Array.isArray(attributes) ? attributes.flatMap((name) => textOf(name) ?? []) : [];
}
