import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const docs = new URL("../docs/", import.meta.url);
const pages = readdirSync(docs)
  .filter((name) => name.endsWith(".md"))
  .map((name) => readFileSync(new URL(name, docs), "utf8"))
  .join("\n");

test.each(["index.ts", "testing/index.ts"])(
  "a page of docs/ names every export of src/%s",
  (file) => {
    const text = readFileSync(new URL(`../src/${file}`, import.meta.url), "utf8");
    const lists = [...text.matchAll(/^export (?:type )?\{([^}]+)\}/gm)];
    const names = lists.flatMap(([, list = ""]) =>
      list.split(",").flatMap((each) => /(\w+)\s*$/.exec(each.trim())?.[1] ?? []),
    );

    expect(text.match(/^export/gm)).toHaveLength(lists.length); // no other form of export, such as *
    expect(names.length).toBeGreaterThan(10);
    expect(
      names.filter((name) => !pages.includes(`\`${name}\``) && !pages.includes(`\`${name}(`)),
    ).toEqual([]);
  },
);
