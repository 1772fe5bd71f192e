// Makes the pages, which are written for GitHub, work on the site.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path/posix";
import { PAGES, ROOT, siteFile } from "./pages.mjs";

/** GitHub's ids for headings, so that `#fragment` links work in both places. */
export const slugify = (heading) =>
  heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "")
    .replaceAll(" ", "-");

/**
 * A plugin for markdown-it. Links to files that are not pages lead to the repository; without its URL they
 * are removed.
 */
export function repositoryLinks(md, repository) {
  md.core.ruler.push("repository-links", ({ tokens, env }) => {
    for (const { children } of tokens) {
      let tag = "a";
      for (const token of children ?? []) {
        if (token.type === "link_open") {
          const href = hrefOnSite(token.attrGet("href"), env.realPath ?? env.path, repository);
          tag = href === undefined ? "span" : "a";
          token.attrs = href === undefined ? [] : [["href", href]];
        }
        if (token.type.startsWith("link_")) token.tag = tag;
      }
    }
  });
}

function hrefOnSite(href, from, repository) {
  const [, path, fragment = ""] = /^([^#]*)(#.*)?$/.exec(href);
  if (path === "" || /^[a-z]+:/.test(path)) return href;
  const file = join(dirname(from), path);
  if (!existsSync(file)) throw new Error(`${from}: there is no ${path} to link to`);
  const target = relative(ROOT, file);
  const page = PAGES.find((each) => each === target || each === join(target, "README.md"));
  if (page !== undefined) return `/${siteFile(page)}${fragment}`;
  return repository && `${repository}/blob/HEAD/${target}${fragment}`;
}

/** Removes comments: they are for running the page, and would appear in searches. */
export function withoutComments(md) {
  md.core.ruler.push("without-comments", (state) => {
    state.tokens = state.tokens.filter(
      ({ type, content }) => type !== "html_block" || !content.startsWith("<!--"),
    );
  });
}

/** Keeps options and other short code on one line: browsers would break them at hyphens. */
export function unbrokenWords(md) {
  md.core.ruler.push("unbroken-words", ({ tokens }) => {
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      if (token.type === "code_inline" && token.content.length <= 20)
        token.attrSet("class", "word");
    }
  });
}

/** Links of the built site to headings that do not exist. */
export function deadFragments(directory, base) {
  const pages = new Map(
    readdirSync(directory, { recursive: true })
      .filter((name) => name.endsWith(".html"))
      .map((name) => [`${base}${name}`, readFileSync(join(directory, name), "utf8")]),
  );
  return [...pages].flatMap(([from, html]) =>
    [...html.matchAll(/<a [^>]*href="(\/[^"#]*)?#([^"]+)"/g)]
      .map(([, path = from, fragment]) => [path.replace(/\/$/, "/index.html"), fragment])
      .filter(
        ([path, fragment]) => !pages.get(path)?.includes(` id="${decodeURIComponent(fragment)}"`),
      )
      .map(([path, fragment]) => `${from}: ${path} has no heading #${fragment}`),
  );
}
