import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

const folder = "examples/vitest";
const examples = readdirSync(new URL(`../../${folder}`, import.meta.url))
  .filter((name) => /\.test\.[jt]s$/.test(name))
  .map((name) => read(`${folder}/${name}`));

test("every piece of code in docs/testing.md stands in an example that CI runs", () => {
  const pieces = [...read("docs/testing.md").matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code);
  const missing = pieces.filter((code = "") => !examples.some((text) => text.includes(code)));

  expect(pieces).toHaveLength(9);
  expect(missing).toEqual([]);
});
