import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { main } from "../../../cli/main.ts";
import { fakeIo } from "../fake-io.ts";

/**
 * Tested elsewhere: stacks in test/cli/deploy/deploy.test.ts, state directories in test/cli/templates.test.ts, what all
 * commands take in test/cli/main.test.ts.
 */
const ELSEWHERE = [
  "--stack",
  "--endpoint-url",
  "--profile",
  "--region",
  "--state-dir",
  "--help",
  "--color",
  "--version",
];

test("a test in this directory uses every option of wsgw send", async () => {
  const io = fakeIo();
  await main(["send", "--help"], io);
  const options = [...io.out().matchAll(/^ +(?:(-\w), )? *(--[a-z-]+) /gm)];
  const files = (await readdir(import.meta.dirname)).filter((name) => name.endsWith(".test.ts"));
  const texts = await Promise.all(
    files.map((name) => readFile(join(import.meta.dirname, name), "utf8")),
  );
  const all = texts.join("\n");

  const unused = options
    .filter(([, letter, name]) => ![name, letter].some((each) => all.includes(`"${each}"`)))
    .map(([, , name]) => name);

  expect(options.length).toBeGreaterThan(20);
  expect(unused.filter((name) => !ELSEWHERE.includes(String(name)))).toEqual([]);
});
