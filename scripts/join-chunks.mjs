// Joins what esbuild has split too finely. Every import() is an entry of its own, and every set of entries that share code
// gets a chunk. Many have a few hundred bytes, and Node 20 takes half a millisecond to load each.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import { build } from "esbuild";

/**
 * Joins the chunks that the same ones of `entries` always load. `metafile` describes the output of a build with
 * `splitting`, made with `options`.
 */
export async function joinChunks(metafile, entries, { absWorkingDir, ...options }) {
  const outputs = new Map(
    Object.entries(metafile.outputs).map(([path, { imports, exports, entryPoint }]) => {
      const loads = imports
        .filter(({ kind, external }) => kind === "import-statement" && !external)
        .map((each) => join(absWorkingDir, each.path));
      return [join(absWorkingDir, path), { loads, exports, isEntry: entryPoint !== undefined }];
    }),
  );
  const homes = homesOf(outputs, entries);
  const renamed = renamedIn(outputs, homes);
  const contents = new Map();
  for (const file of outputs.keys()) {
    const home = homes.get(file) ?? file;
    const names = renamed.get(file)?.map(([name, alias]) => `${name} as ${alias}`);
    const what = names === undefined ? "*" : `{ ${names} }`;
    const line = `export ${what} from "${specifier(home, file)}";\n`;
    contents.set(home, (contents.get(home) ?? "") + line);
  }
  const made = await Promise.all(
    [...contents].map(([file, text]) =>
      build({
        ...options,
        stdin: { contents: text, resolveDir: dirname(file) },
        outfile: file,
        splitting: false,
        banner: {}, // the chunks that need it have it
        write: false,
        plugins: [bundlesOnly(file, homes, renamed), bannerWhereNeeded(options.banner?.js)],
      }),
    ),
  );
  for (const chunk of homes.keys()) rmSync(chunk);
  for (const { path, text } of made.flatMap(({ outputFiles }) => outputFiles)) {
    checkAscii(path, text);
    writeFileSync(path, text);
  }
}

/** The file that each chunk is joined into, by its own: one for every set of `entries` that always load the chunk. */
function homesOf(outputs, entries) {
  const loadedBy = new Map();
  const visit = (file, entry) => {
    for (const loaded of outputs.get(file).loads) {
      const by = loadedBy.get(loaded) ?? [];
      if (by.includes(entry) || outputs.get(loaded).isEntry) continue;
      loadedBy.set(loaded, [...by, entry]);
      visit(loaded, entry);
    }
  };
  for (const entry of entries) visit(entry, entry);

  return new Map(
    [...loadedBy].map(([chunk, by]) => {
      const names = by.map((entry) => basename(entry, ".js"));
      return [chunk, join(dirname(chunk), `with-${names.join("-")}.js`)];
    }),
  );
}

/** What is exported by chunks that export a name which another in the same file exports too, with its name there. */
function renamedIn(outputs, homes) {
  const taken = new Set();
  const renamed = new Map();
  for (const [chunk, home] of homes) {
    const names = outputs.get(chunk).exports.map((name) => {
      let alias = name;
      while (taken.has(`${alias} in ${home}`)) alias += "_";
      taken.add(`${alias} in ${home}`);
      return [name, alias];
    });
    if (names.some(([name, alias]) => name !== alias)) renamed.set(chunk, names);
  }
  return renamed;
}

/** Has the chunks that belong into `file` bundled, and nothing else. */
function bundlesOnly(file, homes, renamed) {
  const outside = (target) => ({ path: specifier(file, target), external: true });
  return {
    name: "bundles-only",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /./ }, ({ path, importer, namespace, resolveDir }) => {
        if (namespace === "renamed") return outside(homes.get(importer));
        if (!path.startsWith(".")) return { path, external: true };
        const target = join(resolveDir, path);
        const home = homes.get(target) ?? target;
        if (home === file) return undefined;
        return renamed.has(target) ? { path: target, namespace: "renamed" } : outside(home);
      });
      onLoad({ filter: /./, namespace: "renamed" }, ({ path }) => ({
        contents: `export { ${renamed.get(path).map(([name, alias]) => `${alias} as ${name}`)} } from "home";`,
      }));
    },
  };
}

/** Removes `banner` from chunks that do not use its `require`: creating one takes a tenth of a millisecond. */
function bannerWhereNeeded(banner) {
  return {
    name: "banner-where-needed",
    setup({ onLoad }) {
      if (banner === undefined) return;
      onLoad({ filter: /\.js$/ }, ({ path }) => {
        const text = readFileSync(path, "utf8");
        const rest = text.replace(banner, "");
        return { contents: /(?<![.\w$])require(?![\w$])/.test(rest) ? text : rest };
      });
    },
  };
}

/**
 * esbuild escapes the characters of strings but not of regular expressions, and one beyond Latin-1 doubles the
 * memory of its whole file, which V8 then also reads more slowly.
 */
function checkAscii(path, text) {
  if (Buffer.byteLength(text) === text.length) return;
  const [found] = /\P{ASCII}/u.exec(text) ?? [];
  throw new Error(`${path} contains "${found}": escape it in the regular expression.`);
}

function specifier(from, to) {
  const path = relative(dirname(from), to).split(sep).join("/");
  return path.startsWith(".") ? path : `./${path}`;
}
