import { writeFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import {
  openRunningTables,
  type RunningTable,
  type RunningTables,
  WsgwError,
  whyNotWritten,
} from "../../src/app.ts";
import { createOutput } from "../terminal/buffered-output.ts";
import { harmless, printable } from "../terminal/control-characters.ts";
import type { Io } from "../terminal/io.ts";
import { print, printFitted } from "../terminal/output.ts";
import { stdinText } from "../terminal/read-text.ts";
import { counted } from "../terminal/text.ts";
import { rejectClear } from "./clear-elsewhere.ts";

type TableAction = "list" | "show" | "put" | "delete" | "clear" | "export" | "import";

export type TableOptions = {
  readonly action: TableAction;
  readonly table: string | undefined;
  /** The arguments after the table: a key, an item, or a file. */
  readonly values: readonly string[];
  readonly limit: number | undefined;
  /** Whether a table of an external DynamoDB may be emptied. */
  readonly yes: boolean;
  /** Of the gateway. Default: that of the project here. */
  readonly stateDir: string | undefined;
};

const EXIT = { done: 0, missing: 3 } as const;

/** Reads and changes the tables of the project's running gateway. */
export async function runTable(options: TableOptions, io: Io): Promise<number> {
  const opened = await openRunningTables(io.cwd, options.stateDir);
  if (options.action === "list") return list(opened, io);
  if (options.table === undefined) {
    const names = opened.tables.map(({ definition }) => definition.logicalName).join(", ");
    throw new WsgwError("USAGE", `Which table? The API has ${names}.`);
  }
  return act(opened.table(options.table), opened, options, io);
}

async function act(
  table: RunningTable,
  opened: RunningTables,
  { action, values, limit, yes }: TableOptions,
  io: Io,
): Promise<number> {
  const { logicalName } = table.definition;
  const say = (text: string) => printFitted(io.stderr, text);
  const [first] = values;
  /** Yargs drops `-`, so standard input is read without an argument. */
  const input = async (what: string): Promise<string> => {
    if (io.stdin.isTTY !== true) return stdinText(io);
    throw new WsgwError("USAGE", `${action} needs ${what}, or one on standard input.`);
  };
  switch (action) {
    case "show":
      return values.length === 0 ? showAll(table, limit, io) : showOne(table, values, io);
    case "put": {
      const text = first ?? (await input("an item as JSON"));
      say(`${counted(await table.put({ text }), "item")} put into ${logicalName}.`);
      return EXIT.done;
    }
    case "delete": {
      const removed = await table.remove(values);
      say(removed ? `1 item deleted from ${logicalName}.` : missingItem(logicalName));
      return removed ? EXIT.done : EXIT.missing;
    }
    case "clear": {
      rejectClear(opened.dynamodbEndpoint, logicalName, yes);
      say(`${counted(await table.clear(), "item")} deleted from ${logicalName}.`);
      return EXIT.done;
    }
    case "export": {
      const items: string[] = [];
      for await (const item of table.items()) items.push(JSON.stringify(item));
      const text =
        items.length === 0 ? "[]\n" : `[\n${items.map((each) => `  ${each}`).join(",\n")}\n]\n`;
      if (first === undefined) io.stdout.write(harmless(text));
      else {
        await write(at(io, first), text);
        say(`${counted(items.length, "item")} of ${logicalName} written to ${first}.`);
      }
      return EXIT.done;
    }
    case "import": {
      const from = first === undefined ? { text: await input("a file") } : { file: at(io, first) };
      say(`${counted(await table.put(from), "item")} put into ${logicalName}.`);
      return EXIT.done;
    }
    case "list":
      return EXIT.done;
    default:
      return action satisfies never;
  }
}

async function list({ tables }: RunningTables, io: Io): Promise<number> {
  const rows = await Promise.all(
    tables.map(async (table) => {
      const { logicalName, name, partitionKey, sortKey } = table.definition;
      const keys = [partitionKey, ...(sortKey === undefined ? [] : [sortKey])];
      const key = keys.map((each) => `${each.name} (${each.type})`).join(", ");
      return [logicalName, name, `key ${key}`, counted(await table.count(), "item")];
    }),
  );
  const widths = [0, 1, 2].map((column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  for (const row of rows) {
    const cells = row.map((cell, column) => cell.padEnd(widths[column] ?? 0));
    print(io.stdout, cells.join("  ").trimEnd());
  }
  return EXIT.done;
}

async function showAll(table: RunningTable, limit: number | undefined, io: Io): Promise<number> {
  let gone = false;
  const output = createOutput(io.stdout, {
    onGone: () => {
      gone = true;
    },
  });
  let shown = 0;
  for await (const item of table.items()) {
    if (gone || shown === limit) break;
    output.line(text(item, io));
    shown += 1;
  }
  await output.end();
  return EXIT.done;
}

function missingItem(table: string): string {
  return `${table} does not have an item with this key.`;
}

async function showOne(table: RunningTable, key: readonly string[], io: Io): Promise<number> {
  const item = await table.get(key);
  if (item === undefined) {
    printFitted(io.stderr, missingItem(table.definition.logicalName));
    return EXIT.missing;
  }
  print(io.stdout, JSON.stringify(item, undefined, 2));
  return EXIT.done;
}

/** One item per line; JSON escapes almost all control characters. */
function text(item: unknown, io: Io): string {
  const json = JSON.stringify(item);
  return io.stdout.isTTY === true ? printable(json) : json;
}

function at({ cwd }: Io, file: string): string {
  return isAbsolute(file) ? file : join(cwd, file);
}

async function write(file: string, content: string): Promise<void> {
  try {
    await writeFile(file, content);
  } catch (error) {
    const message = `${file} cannot be written: ${whyNotWritten(error, file)}.`;
    throw new WsgwError("OUTPUT_UNWRITABLE", message, { cause: error });
  }
}
