import { shown } from "./faults.ts";
import { environmentName } from "./function-shape.ts";
import type {
  Capacity,
  ConnectionTableDefinition,
  IndexDefinition,
  KeyDefinition,
  TableDefinition,
} from "./project.ts";
import {
  fields,
  isObject,
  list,
  oneOf,
  optional,
  record,
  type Shape,
  text,
  textOf,
  wholeNumber,
} from "./shape.ts";

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
const tableName = text("a table name of 3 to 255 letters, digits and _.-", /^[\w.-]{3,255}$/);
const attribute = textOf(1, 255);

const key = fields<KeyDefinition>("a key", {
  name: attribute,
  type: oneOf("a key type", ["S", "N", "B"]),
});

const units = fields<Exclude<Capacity, string>>("a capacity", {
  read: wholeNumber(1, Number.POSITIVE_INFINITY, "units"),
  write: wholeNumber(1, Number.POSITIVE_INFINITY, "units"),
});

const capacity: Shape<Capacity> = (value, place, report): value is Capacity => {
  if (value === "on-demand") return true;
  if (isObject(value)) return units(value, place, report);
  report(place, `${shown(value)} is not a capacity; write "on-demand" or { read: 5, write: 5 }.`);
  return false;
};

const seedFile = text(
  "a JSON file in or below the folder of the definition",
  /^(?!\/)(?!(?:.*\/)?\.\.(?:\/|$)).+\.(?:json|jsonl|ndjson)$/,
);
const seedFiles = list(seedFile);

const seed: Shape<string | readonly string[]> = (
  value,
  place,
  report,
): value is string | readonly string[] =>
  Array.isArray(value) ? seedFiles(value, place, report) : seedFile(value, place, report);
const deletionPolicy = oneOf("a deletion policy", ["Delete", "Retain"]);

const index = fields<IndexDefinition>("an index", { partitionKey: key, sortKey: optional(key) });

export function tableShape(functionName: Shape<string>): Shape<TableDefinition> {
  return fields<TableDefinition>("a table", {
    name: optional(tableName),
    partitionKey: key,
    sortKey: optional(key),
    indexes: optional(
      record(
        "an index for each name",
        (name) =>
          /^[\w.-]{3,255}$/.test(name)
            ? undefined
            : `"${name}" cannot name an index; use 3 to 255 letters, digits and _.-`,
        index,
      ),
    ),
    capacity: optional(capacity),
    timeToLive: optional(attribute),
    environmentVariable: optional(environmentName),
    functions: optional(list(functionName)),
    seed: optional(seed),
    deletionPolicy: optional(deletionPolicy),
  });
}

export function connectionTableShape(
  functionName: Shape<string>,
): Shape<ConnectionTableDefinition> {
  return fields<ConnectionTableDefinition>("the connection table", {
    environmentVariable: environmentName,
    attribute,
    capacity: optional(capacity),
    functions: optional(list(functionName)),
    deletionPolicy: optional(deletionPolicy),
  });
}
