import { command, listed, mistake, once, oneOf, STATE_OPTION, wholeNumber } from "../command.ts";

const ACTIONS = ["list", "show", "put", "delete", "clear", "export", "import"] as const;

const OPTIONS = {
  limit: {
    describe: "Show at most this many items",
    requiresArg: true,
    coerce: once("limit", wholeNumber(0, Number.MAX_SAFE_INTEGER), "a whole number"),
  },
  yes: {
    type: "boolean",
    alias: "y",
    describe: "Clear a table even if it is on another machine",
  },
  ...STATE_OPTION,
} as const;

/** `wsgw table`: reads and changes the tables of the project's running gateway. */
export const table = command({
  name: "table",
  missing: `Which action? There are ${listed(ACTIONS)}.`,
  describe: "Show and change the tables of the running gateway",
  about: "Show and edit the tables of the running gateway.",
  usage: [
    "list",
    "show TABLE [KEY [SORT KEY]]",
    "put TABLE [ITEM]",
    "delete TABLE KEY [SORT KEY]",
    "clear TABLE",
    "export TABLE [FILE]",
    "import TABLE [FILE]",
  ],
  words: "<action> [table] [values..]",
  positionals: {
    action: ACTIONS.join(", "),
    table: "Its name in the definition, or in DynamoDB",
    values: "A key, an item as JSON, or a file",
  },
  options: OPTIONS,
  examples: [
    ["$0 table list", "names, keys and number of items"],
    ["$0 table show connections", "one item per line, as JSON"],
    [`$0 table put rooms '{"room":"blue","open":true}'`, "put an item"],
    ["$0 table export rooms seed.json", "a file for import, or for seed in the definition"],
    ["$0 table import rooms seed.json", "put the items of a file"],
    ["$0 table delete rooms blue", "by its key"],
    ["$0 table clear rooms", "delete every item"],
  ],
  epilogue:
    "put and import read standard input without an argument.\nExit status: 0 done; 1 a mistake; 3 the item does not exist.",
  read({ table, limit, yes = false, ...args }) {
    const action = oneOf(ACTIONS, String(args.action), `"table ${args.action}"`);
    const values = [args.values ?? []].flat().map(String);
    rejectUnfit(action, values, { table, limit, yes });
    return async (io) => {
      const { runTable } = await import("./run.ts");
      return runTable({ action, table, values, limit, yes, stateDir: args["state-dir"] }, io);
    };
  },
  complete(given, names) {
    const [action] = given;
    if (action === undefined) return ACTIONS;
    return given.length === 1 && action !== "list" ? names("tables") : [];
  },
});

type Action = (typeof ACTIONS)[number];

/** Maximum number of arguments after the table: a key, an item or a file. */
const VALUES: Readonly<Record<Exclude<Action, "list">, number>> = {
  show: 2,
  put: 1,
  delete: 2,
  clear: 0,
  export: 1,
  import: 1,
};

/** Rejects arguments that would have no effect. */
function rejectUnfit(
  action: Action,
  values: readonly string[],
  { table, limit, yes }: Readonly<Record<string, unknown>>,
): void {
  const extra = action === "list" ? table : values[VALUES[action]];
  if (extra !== undefined) throw mistake(`"${extra}" is an unexpected argument of ${action}.`);
  if (limit !== undefined && (action !== "show" || values.length > 0)) {
    throw mistake("--limit works with show only, without a key.");
  }
  if (yes === true && action !== "clear") throw mistake("--yes works with clear only.");
}
