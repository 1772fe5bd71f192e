// Code on a page: a definition or fields of one, or lines of an example's tests, which CI runs.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { serveDefinition } from "./definition.mjs";

/** Runs a code fence according to its kind. Adds code that remains to be type-checked to `typed`. */
export async function useCode(block, context) {
  if (isInTests(block.lines, context.root)) return;
  try {
    await serveDefinition(block, context);
  } catch (error) {
    throw new Error(`no test in examples/ has it, and as a definition: ${error.message}`);
  }
}

function isInTests(lines, root) {
  const examples = join(root, "examples");
  return readdirSync(examples, { recursive: true })
    .filter((name) => /\.test\.[jt]s$/.test(name) && !name.includes("node_modules"))
    .some((name) => readFileSync(join(examples, name), "utf8").includes(`${lines.join("\n")}\n`));
}
