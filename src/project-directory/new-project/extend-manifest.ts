import { isObject, objectOf, parseJson } from "../../values/json.ts";

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
  const known = new Set(DEPENDENCIES.flatMap((part) => Object.keys(objectOf(own[part]))));
  const scripts = Object.entries(objectOf(own.scripts)).filter(
    ([name, script]) => name !== "test" || script !== NO_TEST,
  );
  const isMissing = ([name]: readonly [string, unknown]) => !known.has(name);
  const parts = {
    scripts: { ...objectOf(more.scripts), ...Object.fromEntries(scripts) },
    allowScripts: { ...objectOf(more.allowScripts), ...objectOf(own.allowScripts) },
    ...Object.fromEntries(
      ["dependencies", "devDependencies"].map((part) => {
        const missing = Object.entries(objectOf(more[part])).filter(isMissing);
        return [part, { ...objectOf(own[part]), ...Object.fromEntries(missing) }];
      }),
    ),
  };
  const indent = /^[ \t]+/m.exec(written)?.[0] ?? 2;
  return `${JSON.stringify({ ...own, ...parts }, undefined, indent)}\n`;
}
