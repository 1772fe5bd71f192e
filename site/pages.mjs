// Which Markdown files of this repository are pages of the site, and the sidebar, in the order of
// docs/README.md.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path/posix";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));
const INDEX = "docs/README.md";

const markdownIn = (directory, options) =>
  readdirSync(join(ROOT, directory), options)
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(directory, name.replaceAll("\\", "/")));

export const PAGES = [
  ...markdownIn("."),
  ...markdownIn("docs", { recursive: true }),
  "bench/README.md",
  "examples/README.md",
];

/** The page of a file: a README is the index of its directory. */
export const siteFile = (page) => page.replace(/README\.md$/, "index.md");

const read = (page) => readFileSync(join(ROOT, page), "utf8");
const plain = (markdown) => markdown.replaceAll("`", "");
const item = (page, text = /^# (.+)$/m.exec(read(page))?.[1] ?? page) => ({
  text: plain(text),
  link: `/${siteFile(page)}`,
  page,
  items: [],
});

/** The reading order; unlisted pages follow below the README of their directory, or at the end. */
export function sidebar() {
  const groups = [{ text: "Pages", items: [] }];
  for (const line of read(INDEX).split("\n")) {
    const [, heading] = /^## (.+)$/.exec(line) ?? [];
    if (heading !== undefined) groups.push({ text: plain(heading), items: [] });
    const [, indent, text, target] =
      /^(\s*)(?:\d+\.|[-*]) \[(.+?)\]\(([^)#]+\.md)\)/.exec(line) ?? [];
    if (target === undefined) continue;
    const { items } = groups.at(-1);
    (indent === "" ? items : items.at(-1).items).push(item(join("docs", target), text));
  }
  const listed = groups.flatMap(({ items }) => items.flatMap((each) => [each, ...each.items]));
  const more = { text: "The project", items: [] };
  for (const page of PAGES) {
    if (page === "README.md" || page === INDEX || listed.some((each) => each.page === page))
      continue;
    const above = listed.find((each) => each.page === join(dirname(page), "README.md"));
    (above ?? more).items.push(item(page));
  }
  return [...groups, more].filter(({ items }) => items.length > 0).map(folded);
}

/** Without wsgw's own fields; sub-pages are collapsed. */
function folded({ text, link, items }) {
  if (items.length === 0) return { text, link };
  return {
    text,
    link,
    items: items.map(folded),
    ...(link === undefined ? {} : { collapsed: true }),
  };
}
