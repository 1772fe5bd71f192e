import {
  type Command,
  listed,
  mistake,
  once,
  oneOf,
  wholeNumber,
  withOptions,
} from "../command.ts";

const ACTIONS = ["list", "show", "put", "delete", "clear", "export", "import"] as const;

const OPTIONS = {
  limit: {
    describe: "Show so many items at most",
    requiresArg: true,
    coerce: once("limit", wholeNumber(0, Number.MAX_SAFE_INTEGER), "a whole number"),
  },
  yes: {
    type: "boolean",
    alias: "y",
    describe: "Empty a table even when it is not on this machine",
  },
} as const;

/** `wsgw table`: the tables of the gateway that runs in this project. */
export const table: Command = {
  name: "table",
  missing: `Which action? There are ${listed(ACTIONS)}.`,
  define: (choose) => ({
    command: "table <action> [table] [values..]",
    describe: "Show and change the tables of the running gateway",
    builder: (parser) =>
      withOptions(
        parser
          .positional("action", { describe: ACTIONS.join(", ") })
          .positional("table", { describe: "Its name in the definition, or in DynamoDB" })
          .positional("values", { describe: "A key, an item as JSON, or a file" }),
        OPTIONS,
        ["action", "table", "values"],
      )
        .usage(
          "Look into the tables of the running gateway, and change them.\n\n" +
            "Usage: $0 table list\n" +
            "       $0 table show TABLE [KEY [SORT KEY]]\n" +
            "       $0 table put TABLE [ITEM]\n" +
            "       $0 table delete TABLE KEY [SORT KEY]\n" +
            "       $0 table clear TABLE\n" +
            "       $0 table export TABLE [FILE]\n" +
            "       $0 table import TABLE [FILE]",
        )
        .example("$0 table list", "which there are, their keys and how many items")
        .example("$0 table show connections", "each item on a line of its own, as JSON")
        .example(`$0 table put rooms '{"room":"blue","open":true}'`, "put an item")
        .example(
          "$0 table export rooms seed.json",
          "a file for import, or for seed in the definition",
        )
        .example("$0 table import rooms seed.json", "put the items of a file")
        .example("$0 table delete rooms blue", "by its key")
        .example("$0 table clear rooms", "delete every item")
        .epilogue(
          "put and import read standard input when nothing is given.\nExit status: 0 done; 1 a mistake; 3 there is no such item.",
        ),
    handler: (args: Record<string, unknown>) => {
      const action = oneOf(ACTIONS, String(args.action), `"table ${args.action}"`);
      const values = ((args.values as readonly unknown[] | undefined) ?? []).map(String);
      refuseUnfit(action, values, args);
      choose(async (io) => {
        const { runTable } = await import("./run.ts");
        return runTable(
          {
            action,
            table: args.table as string | undefined,
            values,
            limit: args.limit as number | undefined,
            yes: args.yes === true,
          },
          io,
        );
      });
    },
  }),
  complete(given, names) {
    const [action] = given;
    if (action === undefined) return ACTIONS;
    return given.length === 1 && action !== "list" ? names("tables") : [];
  },
};

type Action = (typeof ACTIONS)[number];

/** How many words may stand behind the table: a key, an item or a file. */
const VALUES: Readonly<Record<Exclude<Action, "list">, number>> = {
  show: 2,
  put: 1,
  delete: 2,
  clear: 0,
  export: 1,
  import: 1,
};

/** What is given and would not be heeded was meant otherwise. */
function refuseUnfit(
  action: Action,
  values: readonly string[],
  { table, limit, yes }: Readonly<Record<string, unknown>>,
): void {
  const extra = action === "list" ? table : values[VALUES[action]];
  if (extra !== undefined) throw mistake(`"${extra}" is one word too many for ${action}.`);
  if (limit !== undefined && (action !== "show" || values.length > 0)) {
    throw mistake("--limit goes with show, without a key.");
  }
  if (yes === true && action !== "clear") throw mistake("--yes goes with clear.");
}
