import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const PAGE = readFileSync("bench/README.md", "utf8");
const BENCH = readFileSync("bench/run.mjs", "utf8");

test("the page of the bench names the measures that there are, no others", () => {
  const { status, stderr } = spawnSync(process.execPath, ["bench/run.mjs", "--only", "nonsense"], {
    encoding: "utf8",
  });

  const listed = /some of: ([\s\S]*?)npm run bench/.exec(PAGE)?.[1] ?? "";
  expect(status).toBe(1);
  expect(namesIn(listed)).toEqual(namesIn(stderr.split("choose from")[1] ?? ""));
});

test("the page of the bench names the options that there are, no others", () => {
  const usage = /```sh\n(npm run bench [\s\S]*?)```/.exec(PAGE)?.[1] ?? "";
  const documented = new Set(
    [...usage.matchAll(/^npm run bench -- --([a-z-]+)/gm)].map(([, name]) => name),
  );
  const parsed = /options: \{\n([\s\S]*?)\n {2}\},/.exec(BENCH)?.[1] ?? "";
  const taken = [...parsed.matchAll(/^ {4}"?([a-z-]+)"?: \{/gm)].map(([, name]) => name);

  expect(taken.length).toBeGreaterThan(4);
  expect(documented).toEqual(new Set(taken.filter((name) => name !== "cli"))); // told of in the text
});

function namesIn(text: string): string[] {
  return [...text.matchAll(/[a-z]+(?:-[a-z]+)*/g)].map(([name]) => name).sort();
}
