// @ts-check
// Which tests are nearest to a source file.
import { readFileSync } from "node:fs";
import { basename, dirname, join, normalize } from "node:path";

/** A reference to another file: an import or, in tests and scripts, the path of a program's source. */
const SPECIFIER = /(?<!import type [^;]*)["']((?:\.{1,2}|src|cli|scripts)\/[^"'\n]+\.m?[jt]s)["']/g;

/** Where tests of whole behaviours are, which import none of the files that they hold. */
const WHOLE = /^test\/(scenarios|testing)\//;
/** Directories whose names say nothing about a behaviour. */
const TOO_COMMON = new Set(["src", "cli", "emulator", "rules", "lambda", "apigateway"]);

/**
 * Finds the tests of a file in groups, nearest first: those of the same name and those that import it; those of its
 * directory that reach it by imports; those of whole behaviours named like it or one of its directories; the others of its
 * subject that reach it. If there are none at all: the few of any subject that reach it soonest.
 * @param {string} root
 * @param {readonly string[]} files
 * @returns {(file: string) => string[][]}
 */
export function nearestTests(root, files) {
  const known = new Set(files);
  /** @type {Map<string, string[]>} */
  const importers = new Map();
  for (const from of files.filter((file) => /\.m?[jt]s$/.test(file))) {
    const text = readFileSync(join(root, from), "utf8").replace(
      /^(import|export) type\b[^;]*?from/gm,
      "",
    );
    for (const [, specifier = ""] of text.matchAll(SPECIFIER)) {
      const to = specifier.startsWith(".") ? normalize(join(dirname(from), specifier)) : specifier;
      if (known.has(to)) importers.set(to, [...(importers.get(to) ?? []), from]);
    }
  }

  return (file) => {
    const distances = distancesFrom(file);
    const tests = [...distances.keys()].filter((each) => isTest(each));
    const own = `test/${file.replace(/^src\//, "").replace(/\.ts$/, "")}`;
    const directory = `${dirname(own).replace(/\/(rules|child)$/, "")}/`;
    const subject = /^test\/((emulator|cli)\/)?[^/]+\//.exec(directory)?.[0];
    const isOwn = (/** @type {string} */ test) =>
      test.replace(/(\.apart)?\.test\.ts$/, "") === own || distances.get(test) === 1;
    const isBeside = (/** @type {string} */ test) =>
      subject !== undefined && test.startsWith(directory);
    const directories = file
      .replace(/\.ts$/, "")
      .split("/")
      .filter((name) => !TOO_COMMON.has(name));
    const isCalledAlike = (/** @type {string} */ test) =>
      WHOLE.test(test) &&
      directories.some((name) => basename(test).includes(name.replace(/s$/, "")));
    const groups = [
      tests.filter(isOwn),
      tests.filter((test) => !isOwn(test) && isBeside(test)),
      tests.filter((test) => !isOwn(test) && !isBeside(test) && isCalledAlike(test)),
      tests.filter(
        (test) =>
          !isOwn(test) && !isBeside(test) && subject !== undefined && test.startsWith(subject),
      ),
    ].filter(({ length }) => length > 0);
    return groups.length === 0 && tests.length > 0 ? [tests.slice(0, 4)] : groups;
  };

  /** Every file that imports this one directly or indirectly, nearest first. @param {string} file */
  function distancesFrom(file) {
    const distances = new Map([[file, 0]]);
    for (const [to, distance] of distances) {
      for (const from of importers.get(to) ?? []) {
        if (!distances.has(from)) distances.set(from, distance + 1);
      }
    }
    return distances;
  }
}

/** @param {string} file */
function isTest(file) {
  return /(?<!\.journey)\.test\.ts$/.test(basename(file)) && !file.includes("/judges/");
}
