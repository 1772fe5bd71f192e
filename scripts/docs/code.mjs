// Code of a page that stands for itself: definitions and parts of them, parts of tests, parts of examples.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./commands.mjs";
import { serveDefinition } from "./definition.mjs";

/** Uses a fence as what it is. What is left to be type-checked goes to `typed`. */
export async function useCode(block, { codeIs, ...context }) {
  const [, folder] = /^in (\S+)$/.exec(codeIs) ?? [];
  if (block.info === "ts" && folder !== undefined) return findInTests(block, context.root, folder);
  if (block.info === "ts" && codeIs === "part of a test") return runInTest(block, context);
  if (codeIs !== "definition") throw new Error(`"ts: ${codeIs}" means nothing to this check`);
  return serveDefinition(block, context);
}

function findInTests({ lines }, root, folder) {
  const code = `${lines.join("\n")}\n`;
  const texts = readdirSync(join(root, folder))
    .filter((name) => /\.test\.[jt]s$/.test(name))
    .map((name) => readFileSync(join(root, folder, name), "utf8"));
  if (!texts.some((text) => text.includes(code))) throw new Error(`no test in ${folder} has it`);
}

/** As the body of a test, in the project of the page: its types are checked, then it is run. */
async function runInTest({ lines, line }, { folder, env }) {
  const test = `test/line-${line}.test.ts`;
  const code = [
    'import { expect, onTestFinished, test } from "vitest";',
    'import { startGateway } from "wsgw/testing";',
    'test("it passes", async () => {',
    ...lines,
    "  onTestFinished(() => gateway.stop());",
    "});",
  ];
  writeFileSync(join(folder, test), `${code.join("\n")}\n`);
  for (const command of [`npx vitest run ${test}`, "npm run check"]) {
    const { status, output } = await run(command, { cwd: folder, env });
    if (status !== 0) throw new Error(output);
  }
}
