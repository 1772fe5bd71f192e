import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { commandsPages } from "../../scripts/commands-pages.mjs";

const docs = fileURLToPath(new URL("../../docs/commands/", import.meta.url));

test("docs/commands has a current page for each command, and no other page", {
  tags: ["journey"],
}, async () => {
  const written = readdirSync(docs).map((name) => [name, readFileSync(docs + name, "utf8")]);

  expect(Object.fromEntries(written), "Run node scripts/commands-pages.mjs.").toEqual(
    await commandsPages(),
  );
});
