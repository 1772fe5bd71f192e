import { isObject } from "../values/json.ts";
import { type Path, type Report, shown } from "./faults.ts";
import { entriesOf, type Parts, type Table } from "./raw-parts.ts";

/** Checks that the keys of a table and its indexes fit together. */
export function checkKeys(table: Table, report: Report): void {
  const types = new Map<string, unknown>();
  const check = (path: Path, keys: Parts): void => {
    const names = new Set<unknown>();
    for (const role of ["partitionKey", "sortKey"]) {
      const key = keys[role];
      if (!isObject(key) || typeof key.name !== "string") continue;
      if (names.has(key.name)) {
        report(
          [...path, role],
          `"${key.name}" is already the partition key. Choose another attribute.`,
        );
      }
      names.add(key.name);
      const known = types.get(key.name) ?? key.type;
      types.set(key.name, known);
      if (known !== key.type) {
        report(
          [...path, role, "type"],
          `"${key.name}" is of type ${shown(key.type)} here and of type ${shown(known)} elsewhere in this table. Use one type.`,
        );
      }
    }
  };

  check(table.path, table.definition);
  for (const [name, index] of entriesOf(table.definition.indexes)) {
    check([...table.path, "indexes", name], index);
  }
}
