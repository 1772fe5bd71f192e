// Writes docs/commands/, a page for each command, from the source of `wsgw COMMAND --help`.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadTypeScript } from "./docs/typescript.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const MADE = "<!-- Made by node scripts/commands-pages.mjs from cli/*/command.ts; do not edit. -->";

/** The page that explains the subject of a command, if it has another name. */
const SUBJECTS = {
  cert: "unchanged-handlers",
  describe: "deploying",
  destroy: "deploying",
  diff: "deploying",
  event: "invoke",
  deploy: "deploying",
  logs: "deploying",
  status: "deploying",
  table: "tables",
  template: "mapping-templates",
  token: "authorizers",
};

const EVERYWHERE = {
  help: { alias: "h", describe: "Show help" },
  color: { describe: "Colours; --no-color turns them off" },
  version: { describe: "Show version number" },
};

/** Each file of docs/commands/ as it must be now, by name. */
export async function commandsPages() {
  const files = readdirSync(`${root}cli`).map((name) => `cli/${name}/command.ts`);
  const exported = await loadTypeScript(...files.filter((file) => existsSync(root + file)));
  const commands = Object.values(exported).filter((each) => each?.define !== undefined);
  commands.sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    "README.md": index(commands),
    ...Object.fromEntries(commands.map((command) => [`${command.name}.md`, pageOf(command)])),
  };
}

function index(commands) {
  const rows = commands.map(({ name, describe }) => [`[\`wsgw ${name}\`](${name}.md)`, describe]);
  return page([
    "# All commands",
    "A page for each command: its arguments, options, defaults, examples and exit status. `wsgw COMMAND --help` prints the same.",
    table(["Command", "What it does"], rows),
  ]);
}

function pageOf(command) {
  const { name, describe, about = `${describe}.`, positionals = {}, options, examples } = command;
  const usages = [command.usage].flat().map((usage) => `- \`${`wsgw ${name} ${usage}`.trim()}\``);
  const shown = Object.entries({ ...options, ...EVERYWHERE }).filter(([, { hidden }]) => !hidden);
  return page([
    `# \`wsgw ${name}\`: reference`,
    `${escaped(about)} [How to use it](../${SUBJECTS[name] ?? name}.md).`,
    ["## Usage", usages.join("\n")],
    Object.keys(positionals).length > 0
      ? table(["Argument", "What it is"], Object.entries(positionals).map(wordRow))
      : [],
    ["## Options", table(["Option", "What it does"], shown.map(optionRow))],
    ["## Examples", table(["Command line", "What it does"], examples.map(exampleRow))],
    ["## Exit status", ...ending(command.epilogue)],
  ]);
}

const wordRow = ([word, what]) => [`\`${word}\``, withDefault(what)];

function optionRow([name, { alias = [], describe }]) {
  const isLong = (each) => each.length > 1;
  const names = [name, ...[alias].flat()].sort((a, b) => isLong(a) - isLong(b));
  const dashed = names.map((each) => `\`${each.length === 1 ? "-" : "--"}${each}\``);
  return [dashed.join(", "), withDefault(describe)];
}

const exampleRow = ([line, does]) => [`\`${line.replace("$0", "wsgw")}\``, escaped(does)];

/** A description, with the default that help has in brackets at its end. */
const withDefault = (text) => escaped(text.replace(/ \[([^[\]]+)\]$/, ". Default: $1"));

/** The end of a command's help: sentences, and its exit status as a list. */
function ending(epilogue = "") {
  const [notes, status = "0 done; 1 a mistake; 2 a bug in wsgw."] = epilogue.split("Exit status: ");
  const codes = status.trim().replace(/\.$/, "").split(/;\s+/);
  const rows = codes.map((each) => {
    const [, before, code, after] = /^(.*?)(\d+)(.*)$/.exec(each.replaceAll("\n", " "));
    return [code, (before + after.trim()).trim() || "done"];
  });
  return [table(["Status", "When"], rows), escaped(notes.trim())].filter((part) => part !== "");
}

const table = (heads, rows) =>
  [heads, heads.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`)
    .join("\n");

const page = (parts) => `${[MADE, ...parts.flat()].join("\n\n")}\n`;

const escaped = (text) => text.replaceAll(/[<>*_]/g, "\\$&");

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(`${root}docs/commands`, { recursive: true });
  for (const [name, text] of Object.entries(await commandsPages())) {
    writeFileSync(`${root}docs/commands/${name}`, text);
  }
}
