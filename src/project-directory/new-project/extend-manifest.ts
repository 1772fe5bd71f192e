import { isObject, parseJson } from "../../values/json.ts";

type Entries = Readonly<Record<string, unknown>>;

/** The default script of `npm init`, which runs no test. */
const NO_TEST = 'echo "Error: no test specified" && exit 1';
const DEPENDENCIES = [
  "dependencies",
  "devDependencies",
  "optionalDependencies",
  "peerDependencies",
];

/**
 * Adds the scripts and packages of `added` that a package.json lacks; keeps everything else. Undefined if it
 * is not JSON.
 */
export function extendManifest(written: string, added: string): string | undefined {
  const own = parseJson(written)?.value;
  const more = parseJson(added)?.value;
  if (!isObject(own) || !isObject(more)) return undefined;
  const known = new Set(DEPENDENCIES.flatMap((part) => Object.keys(entriesIn(own, part))));
  const scripts = Object.entries(entriesIn(own, "scripts")).filter(
    ([name, script]) => name !== "test" || script !== NO_TEST,
  );
  const isMissing = ([name]: readonly [string, unknown]) => !known.has(name);
  const parts = {
    scripts: { ...entriesIn(more, "scripts"), ...Object.fromEntries(scripts) },
    allowScripts: { ...entriesIn(more, "allowScripts"), ...entriesIn(own, "allowScripts") },
    ...Object.fromEntries(
      ["dependencies", "devDependencies"].map((part) => {
        const missing = Object.entries(entriesIn(more, part)).filter(isMissing);
        return [part, { ...entriesIn(own, part), ...Object.fromEntries(missing) }];
      }),
    ),
  };
  const indent = /^[ \t]+/m.exec(written)?.[0] ?? 2;
  return `${JSON.stringify({ ...own, ...parts }, undefined, indent)}\n`;
}

function entriesIn(manifest: Entries, part: string): Entries {
  const entries = manifest[part];
  return isObject(entries) ? entries : {};
}
