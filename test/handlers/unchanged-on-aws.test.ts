import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const directory = new URL("../../src/handlers/", import.meta.url);
const files = readdirSync(directory)
  .sort()
  .map((name) => ({ name, text: readFileSync(new URL(name, directory), "utf8") }));

test.each(files)("$name knows nothing of where it runs", ({ text }) => {
  expect(text).not.toMatch(/wsgw/i);
  expect(text).not.toMatch(/localhost|127\.0\.0\.1|AWS_ENDPOINT|_ENDPOINT\b|ENDPOINT_URL|:3001/i);
});

test.each(files)("$name reads no variable but the table's", ({ text }) => {
  const variables = [...text.matchAll(/process\.env\W*(\w+)/g)].map((match) => match[1]);

  expect(variables.filter((name) => name !== "CONNECTIONS_TABLE")).toEqual([]);
});

test.each(files)("$name loads the AWS SDK and its neighbours only", ({ text }) => {
  const loaded = [...text.matchAll(/^(?:import|\}) (?!type)[^;]*?from "([^"]+)";/gm)].map(
    (match) => match[1],
  );

  expect(loaded.filter((name) => !/^(\.\/|@aws-sdk\/|aws-lambda$)/.test(name ?? ""))).toEqual([]);
});

test("the sample has fewer than 200 lines together", () => {
  const lines = files.map(({ text }) => text.trimEnd().split("\n").length);

  expect(lines.reduce((sum, count) => sum + count, 0)).toBeLessThan(200);
});
