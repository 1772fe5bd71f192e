// Writes docs/facts.md from the descriptions of the facts in src/emulator/**/facts.ts.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { descriptionOf, entriesOf, typeOf } from "./describe-facts.mjs";
import { loadTypeScript } from "./docs/typescript.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The page as it must be now. */
export async function factsPage() {
  const { FACTS } = await loadTypeScript("src/emulator/facts.ts");
  const { STAMP } = await loadTypeScript("src/emulator/journal/facts.ts");
  const sections = Object.entries(FACTS).flatMap(([title, { options }]) => [
    `## ${title}`,
    ...options.map(fact),
  ]);
  const page = [INTRODUCTION, tableOf(entriesOf(STAMP)), CAUSES, ...sections];
  return `${page.join("\n\n")}\n`;
}

const INTRODUCTION = `<!-- Made by node scripts/facts-page.mjs from src/emulator/**/facts.ts; do not edit. -->

# Facts

The gateway reports everything that happens as a fact: plain data with a \`type\`. [\`wsgw dev --json\`](dev.md#for-programs---json)
prints each fact as a line. In tests, read them with [\`gateway.facts()\`, \`gateway.fact()\` and \`gateway.journal\`](testing.md#inspecting).
The types \`Fact\` and \`Entry\` of the package describe them for TypeScript.

Every fact has these fields:`;

const CAUSES = `Follow \`causedBy\` to learn why something happened. A message causes its route, and the route causes the
invocation. The invocation causes its posts, table writes, rejected calls and the invocations of other functions. The trace id shows which invocation
made a call. AWS SDKs send it, and wsgw adds it to other HTTP requests of Node.js handlers. For other calls, wsgw uses the
function whose key signed the call, if only one event of that function runs. \`gateway.trace()\` and \`/trace\` of
[\`wsgw send\`](send.md) show the same tree.

A field can be absent only if its type includes undefined. JSON omits such fields.`;

function fact(schema) {
  const { type, ...fields } = entriesOf(schema);
  const table = Object.keys(fields).length === 0 ? [] : [tableOf(fields)];
  return [`### \`${type.literal}\``, descriptionOf(schema), ...table].join("\n\n");
}

function tableOf(fields) {
  const rows = Object.entries(fields).map(
    ([name, schema]) =>
      `| \`${name}\` | ${cell(`\`${plainType(schema)}\``)} | ${cell(descriptionOf(schema))} |`,
  );
  return ["| Field | Type | |", "| --- | --- | --- |", ...rows].join("\n");
}

/** Only a vertical bar would end a cell. */
function cell(text) {
  return text.replaceAll("|", "\\|");
}

/** A type without parts that only a compiler needs. */
function plainType(schema) {
  const type = typeOf(schema, {
    field: (name, _, inner) => `${name}: ${inner}`,
    list: (item) => `${item}[]`,
  });
  return schema.type === "exact_optional" ? `${type} | undefined` : type;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = `${root}docs/facts.md`;
  const page = await factsPage();
  if (process.argv.includes("--check")) {
    process.exitCode = readFileSync(file, "utf8") === page ? 0 : 1;
  } else writeFileSync(file, page);
}
