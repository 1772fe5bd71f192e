import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

/** Besides these, only readline itself writes to the terminal, and `table export` and `describe` without a line end. */
const WRITE_THEMSELVES: readonly string[] = [
  "terminal/live-region.ts",
  "terminal/output.ts",
  "terminal/watch-reader.ts",
];

test("lets commands print through the one place that keeps texts from steering the terminal", () => {
  const cli = join(import.meta.dirname, "../../../cli");
  const files = readdirSync(cli, { recursive: true, encoding: "utf8" });
  const lines = files
    .filter((file) => file.endsWith(".ts") && !WRITE_THEMSELVES.includes(file))
    .flatMap((file) => readFileSync(join(cli, file), "utf8").split("\n"));

  const writes = lines.filter((line) => /(std(out|err)|console)\.(write|log|error)\(/.test(line));

  expect(writes.map((line) => line.trim()).sort()).toEqual([
    "if (first === undefined) io.stdout.write(harmless(text));",
    "io.stdout.write(completionScript(shell ?? own));",
    'this.#io.stdout.write("\\n");',
  ]);
});
