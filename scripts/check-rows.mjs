// Compares the rows of the reference (fixtures/reference-rows.json) with the names of tests: each row needs a
// test whose name contains its number, such as `2.3 (1): …`. Fails if a row has no test and is not excused,
// and if a name contains the number of an unknown row.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const { rows, toCome, notHere } = JSON.parse(
  readFileSync(join(root, "fixtures/reference-rows.json"), "utf8"),
);
const NUMBER = /(?<![\w.])(?:[2-9]|1\d)(?:\.\d+)? \(\d+\)/g;

/** Files whose test names may contain numbers of rows. */
function testFiles() {
  return readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => join("test", name))
    .filter((name) => /reference-rows|\d \(\d/.test(readFileSync(join(root, name), "utf8")));
}

function testNames() {
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const directory = mkdtempSync(join(tmpdir(), "wsgw-rows-"));
  try {
    const file = join(directory, "names.json");
    execFileSync(process.execPath, [vitest, "list", `--json=${file}`, ...testFiles()], {
      cwd: root,
      stdio: ["ignore", "ignore", "inherit"],
    });
    return JSON.parse(readFileSync(file, "utf8")).map(({ name }) => name);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Whether a list of rows and whole sections contains a row. */
const isIn = (list, row) => list.some((each) => row === each || row.startsWith(`${each} (`));

const numbers = new Set(testNames().flatMap((name) => name.match(NUMBER) ?? []));
const tested = ({ row }) => numbers.has(row);
const excused = [...toCome, ...notHere].flatMap((entry) => entry.rows);
const gaps = rows.filter((each) => !tested(each) && !isIn(excused, each.row));
const unknown = [...numbers].filter((number) => !rows.some(({ row }) => row === number));

console.log(`${rows.filter(tested).length} of ${rows.length} rows have a test`);
for (const { rows: list, what } of toCome) {
  const all = rows.filter(({ row }) => isIn(list, row));
  console.log(`to come: ${what}, ${all.filter(tested).length} of ${all.length} rows`);
}
for (const { rows: list, why } of notHere)
  console.log(`not here: ${list.join(", ")}, since ${why}`);
for (const { row, words } of gaps) console.error(`✗ no test holds ${row}: ${words}`);
for (const number of unknown) console.error(`✗ a test is named after ${number}, which is no row`);
process.exitCode = gaps.length + unknown.length === 0 ? 0 : 1;
