import { placeOf, type Report } from "./faults.ts";
import { DEFINITION_LIMITS } from "./limits.ts";
import { isObject } from "./shape.ts";

/**
 * Finds what is wrong between the parts of a definition, each of which may itself be faulty: parts
 * without a usable shape are passed over, for their fault has been reported already.
 */
export function checkConsistency(definition: Parts, report: Report): void {
  checkCounts(definition, report);
  const tables = readTables(definition);
  checkTableNames(definition, tables, report);
  for (const table of tables) checkKeys(table, report);
  for (const [name, fn] of entriesOf(definition.functions)) {
    checkEnvironment(
      name,
      fn,
      tables.filter((table) => table.functions.includes(name)),
      report,
    );
  }
}

/** Anything that the author wrote, looked into with care. */
export type Parts = Readonly<Record<string, unknown>>;

type Table = {
  readonly place: string;
  readonly logicalName: string;
  readonly name: string;
  readonly variable: string | undefined;
  readonly functions: readonly unknown[];
  readonly definition: Parts;
};

function entriesOf(value: unknown): readonly (readonly [string, Parts])[] {
  if (!isObject(value)) return [];
  return Object.entries(value).map(
    ([name, entry]) => [name, isObject(entry) ? entry : {}] as const,
  );
}

function readTables(definition: Parts): readonly Table[] {
  const functionNames = entriesOf(definition.functions).map(([name]) => name);
  const read = (place: string, logicalName: string, table: Parts): Table => ({
    place,
    logicalName,
    name: typeof table.name === "string" ? table.name : `${definition.name}-${logicalName}`,
    variable: typeof table.environmentVariable === "string" ? table.environmentVariable : undefined,
    functions: Array.isArray(table.functions) ? table.functions : functionNames,
    definition: table,
  });

  const tables = entriesOf(definition.tables).map(([name, table]) =>
    read(placeOf("tables", name), name, table),
  );
  if (!isObject(definition.connectionTable)) return tables;
  return [...tables, read("connectionTable", "connections", definition.connectionTable)];
}

function checkCounts({ routes, functions }: Parts, report: Report): void {
  const counted = [
    ["routes", routes, DEFINITION_LIMITS.routes],
    ["functions", functions, DEFINITION_LIMITS.functions],
  ] as const;
  for (const [place, part, most] of counted) {
    const count = isObject(part) ? Object.keys(part).length : 0;
    if (count > most) {
      report(
        place,
        `${count} ${place} are more than the ${most} that API Gateway takes; split the API.`,
      );
    }
  }
  if (isObject(routes) && Object.keys(routes).length === 0) {
    report("routes", "is empty; API Gateway deploys no API without a route.");
  }
}

function checkTableNames(definition: Parts, tables: readonly Table[], report: Report): void {
  const seen = new Map<string, Table>();
  for (const table of tables) {
    const other = seen.get(table.name);
    seen.set(table.name, table);
    if (
      table.place === "connectionTable" &&
      isObject(definition.tables) &&
      "connections" in definition.tables
    ) {
      report(
        "tables.connections",
        "connectionTable makes a table of this name; give this one another.",
      );
      continue;
    }
    if (other === undefined) continue;
    const place = table.definition.name === undefined ? table.place : placeOf(table.place, "name");
    report(
      place,
      `"${table.name}" is the name of ${other.place} too; give each table a name of its own.`,
    );
  }
}

function checkKeys(table: Table, report: Report): void {
  const types = new Map<string, unknown>();
  const check = (place: string, keys: Parts): void => {
    const names = new Set<unknown>();
    for (const role of ["partitionKey", "sortKey"]) {
      const key = keys[role];
      if (!isObject(key) || typeof key.name !== "string") continue;
      if (names.has(key.name)) {
        report(
          placeOf(place, role),
          `"${key.name}" is the partition key already; name another attribute.`,
        );
      }
      names.add(key.name);
      const known = types.get(key.name) ?? key.type;
      types.set(key.name, known);
      if (known !== key.type) {
        report(
          placeOf(placeOf(place, role), "type"),
          `"${key.name}" is of type "${key.type}" here and of type "${known}" elsewhere in this table; choose one.`,
        );
      }
    }
  };

  check(table.place, table.definition);
  for (const [name, index] of entriesOf(table.definition.indexes)) {
    check(placeOf(placeOf(table.place, "indexes"), name), index);
  }
}

function checkEnvironment(name: string, fn: Parts, tables: readonly Table[], report: Report): void {
  const place = placeOf(placeOf("functions", name), "environment");
  const own = isObject(fn.environment) ? fn.environment : {};
  const filled = new Map<string, Table>();

  for (const table of tables) {
    if (table.variable === undefined) continue;
    const other = filled.get(table.variable);
    filled.set(table.variable, table);
    if (other !== undefined) {
      report(
        placeOf(table.place, "environmentVariable"),
        `"${table.variable}" is filled by ${other.place} too, and function ${name} uses both; choose another variable.`,
      );
    } else if (Object.hasOwn(own, table.variable)) {
      report(
        placeOf(place, table.variable),
        `${table.place} fills this variable with the name of its table; remove it here, or rename one of them.`,
      );
    }
  }

  const whole = {
    ...own,
    ...Object.fromEntries([...filled].map(([variable, table]) => [variable, table.name])),
  };
  const bytes = environmentBytes(whole);
  if (bytes > DEFINITION_LIMITS.environmentBytes) {
    report(
      place,
      `${bytes} bytes are more than the ${DEFINITION_LIMITS.environmentBytes} that Lambda takes; shorten it.`,
    );
  }
}

/**
 * Lambda measures the variables as JSON: its refusal prints "String measured: {…}".
 * @see https://github.com/github-aws-runners/terraform-aws-github-runner/issues/3594
 */
function environmentBytes(environment: Parts): number {
  const texts = Object.entries(environment).filter(([, value]) => typeof value === "string");
  return Buffer.byteLength(JSON.stringify(Object.fromEntries(texts)));
}
