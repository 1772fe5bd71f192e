import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  deadFragments,
  repositoryLinks,
  slugify,
  unbrokenWords,
  withoutComments,
} from "../markdown.mjs";
import { PAGES, ROOT, sidebar, siteFile } from "../pages.mjs";

const { description, repository } = JSON.parse(readFileSync(`${ROOT}package.json`, "utf8"));
// The package has no repository field before it has a public URL.
const address = repository?.url.replace(/^git\+/, "").replace(/\.git$/, "");

/** SITE_BASE is the path under which the site is served, such as /wsgw/. */
const base = process.env.SITE_BASE ?? "/";

/** The pages are outside of this directory, and the packages that they import are inside. */
const vueOfTheSite = {
  name: "vue-of-the-site",
  enforce: "pre",
  resolveId(id, _importer, { ssr }) {
    if (!/^vue(\/|$)/.test(id)) return undefined;
    if (ssr) return { id, external: true };
    return this.resolve(id, fileURLToPath(import.meta.url), { skipSelf: true });
  },
};

/** On narrow screens tables scroll in their box; on wide ones long values wrap. */
const STYLE = `.vp-doc code.word { white-space: nowrap; }
.vp-doc th, .vp-doc td { padding: 6px 12px; }
.vp-doc td:nth-child(n + 2) { min-width: 9rem; }
@media (min-width: 960px) { .vp-doc td:nth-child(n + 2) { overflow-wrap: anywhere; min-width: 5rem; } }`;

export default {
  title: "wsgw",
  description,
  base,
  head: [
    ["link", { rel: "icon", href: "data:," }],
    ["style", {}, STYLE],
  ],
  srcDir: ROOT,
  outDir: `${ROOT}site/dist`,
  cacheDir: `${ROOT}site/node_modules/.cache`,
  srcExclude: ["!(docs|bench|examples)/**/*.md", "examples/*/**"],
  rewrites: Object.fromEntries(PAGES.map((page) => [page, siteFile(page)])),
  markdown: {
    anchor: { slugify },
    languageAlias: { vtl: "json" },
    config(md) {
      withoutComments(md);
      unbrokenWords(md);
      repositoryLinks(md, address);
    },
  },
  vite: { plugins: [vueOfTheSite] },
  themeConfig: {
    nav: [
      { text: "Guide", link: "/docs/guide.md" },
      { text: "All pages", link: "/docs/" },
    ],
    sidebar: sidebar(),
    outline: [2, 3],
    search: { provider: "local" },
    ...(address && { socialLinks: [{ icon: "github", link: address }] }),
  },
  buildEnd({ outDir }) {
    const dead = deadFragments(outDir, base);
    if (dead.length > 0) throw new Error(`Links that lead nowhere:\n${dead.join("\n")}`);
  },
};
