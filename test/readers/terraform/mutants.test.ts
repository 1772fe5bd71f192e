import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { loadProject } from "../../../src/emulator/load-project.ts";
import { WsgwError } from "../../../src/errors.ts";
import { rounds } from "../../rounds.ts";
import { temporaryDirectory } from "../../temporary-directory.ts";
import { createRandom } from "../cloudformation/mutations.ts";

const COUNT = Number(process.env.WSGW_MUTANTS ?? rounds(150));
const PROJECTS = fileURLToPath(new URL("../../../fixtures/projects", import.meta.url));

const filesIn = (directory: string) =>
  readdirSync(join(PROJECTS, directory))
    .filter((name) => name.endsWith(".tf"))
    .map((name) => readFileSync(join(PROJECTS, directory, name), "utf8"))
    .join("\n");
const hcl = [
  filesIn("lobby-terraform"),
  filesIn("poll-terraform/infra"),
  filesIn("ticker-plan/infra"),
];
const plans = ["ticker-plan/infra/plan.json", "guestbook-state/state.json"].map((name) =>
  readFileSync(join(PROJECTS, name), "utf8"),
);

const PIECES = [
  "{",
  "}",
  "[",
  "]",
  "(",
  '"',
  "${",
  "%{",
  "<<EOT\n",
  "null",
  "...",
  "?",
  ":",
  "=",
  ".",
  "[*]",
  "each.key",
  "var.x",
  "0",
  "-1",
  "\n",
  "",
  "try(",
  "local.routes",
  "for x in ",
  "\\u{1F600}",
];

/** The text with some of its words replaced, doubled or taken out. */
function mutated(text: string, random: () => number): string {
  const words = text.split(/\b/);
  const pick = (count: number) => Math.floor(random() * count);
  for (let left = 1 + pick(4); left > 0; left -= 1) {
    const other = random() < 0.5 ? PIECES[pick(PIECES.length)] : words[pick(words.length)];
    words[pick(words.length)] = other ?? "";
  }
  return words.join("");
}

test.each([
  ["a project", "main.tf", hcl],
  ["a plan or state", "plan.json", plans],
])("serves or rejects with a message %s with any value replaced", async (_, name, seeds) => {
  const random = createRandom(20_261_129);
  const root = temporaryDirectory();
  const unexpected: string[] = [];
  for (let left = COUNT; left > 0; left -= 1) {
    const text = mutated(seeds[left % seeds.length] ?? "", random);
    writeFileSync(join(root, name), text);
    try {
      await loadProject({ cwd: root, template: name, stateDir: join(root, "state") });
    } catch (error) {
      if (!(error instanceof WsgwError)) unexpected.push(`${(error as Error).stack}\n${text}`);
    }
  }

  expect(unexpected.slice(0, 1)).toEqual([]);
});
