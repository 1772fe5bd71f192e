import type { ApiTable } from "../../../definition/project.ts";
import type { ItemJson } from "./item-json.ts";

type Keyed = Pick<ApiTable, "partitionKey" | "sortKey">;

/** Why a table rejects an item: a key attribute is missing or has another type. */
export function keyFault(table: Keyed, item: ItemJson): string | undefined {
  for (const key of [table.partitionKey, table.sortKey]) {
    if (key === undefined) continue;
    const attribute = item[key.name];
    if (attribute === undefined) return `it lacks the key attribute "${key.name}"`;
    const [type] = Object.keys(attribute);
    if (type !== key.type) {
      return `its key attribute "${key.name}" is of type "${type}", not "${key.type}"`;
    }
    if (attribute[key.type] === "") return `its key attribute "${key.name}" is empty`;
  }
  return undefined;
}

/** A table's key in DynamoDB JSON, from strings that a user typed. A string result says what is wrong. */
export function keyOf(table: Keyed, values: readonly string[]): ItemJson | string {
  const keys = [table.partitionKey, ...(table.sortKey === undefined ? [] : [table.sortKey])];
  const names = keys.map(({ name, type }) => `${name} (${type})`).join(" and ");
  if (values.length !== keys.length)
    return `The key of an item is ${names}. Write a value for each.`;
  const wrong = keys.find(
    ({ type }, at) => type === "N" && !Number.isFinite(Number(values[at] || "?")),
  );
  if (wrong !== undefined) return `"${wrong.name}" is a number.`;
  return Object.fromEntries(keys.map(({ name, type }, at) => [name, { [type]: values[at] ?? "" }]));
}
