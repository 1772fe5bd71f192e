import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { DESCRIBED } from "../scripts/errors/described.ts";
import { errorsPage } from "../scripts/errors-page.mjs";
import { HINTS, WsgwError } from "../src/errors.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const SOURCE = ["src", "cli"]
  .flatMap((directory) =>
    readdirSync(join(root, directory), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts") && !name.includes("described"))
      .map((name) => readFileSync(join(root, directory, name), "utf8")),
  )
  .join("\n");

test("docs/errors.md is what scripts/errors-page.mjs makes of the table", async () => {
  const page = readFileSync(join(root, "docs", "errors.md"), "utf8");

  expect(page, "Run node scripts/errors-page.mjs.").toBe(await errorsPage());
});

test("every code is described, and no other", () => {
  expect(Object.keys(DESCRIBED).sort()).toEqual(Object.keys(HINTS).sort());
});

test.each(Object.entries(DESCRIBED))(
  "%s leads to a page, and its message is one of ours",
  (_, it) => {
    expect(existsSync(join(root, "docs", it.page))).toBe(true);
    const parts = (it.says ?? "").split(/\{\w+\}/).filter((part) => part.trim().length > 3);
    expect(parts.filter((part) => !SOURCE.includes(part.trim()))).toEqual([]);
  },
);

test("an error carries the advice of its code", () => {
  expect(new WsgwError("PORT_IN_USE", "x")).toMatchObject({
    code: "PORT_IN_USE",
    hint: HINTS.PORT_IN_USE,
  });
});
