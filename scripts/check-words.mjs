// Keeps words out of pages that readers stumble over, and names the plain word.
//
//   node scripts/check-words.mjs
//
// It reads the pages, and the comments and strings of src/ and cli/.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const PAGES = [
  ...["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md"],
  ...["bench/README.md", "examples/**/*.md", "docs/*.md"],
  // Generated from code:
  ...[":!docs/errors.md"],
];

/** Words to avoid, as the source of a regular expression, and their replacements. */
const WORDS = [
  ["anew", "again"],
  ["(?:no|some)body(?:'s)?", "no client, a user, another program"],
  ["who(?:m|so)?ever|whom", "the client that, every user that"],
  ["(?:is|are|was|were|there) none", "does not exist, there is no …"],
  ["no such", "does not exist"],
  ["(?<!there )(?<!There )(?:is|are|was|were) no(?! longer| more)", "is not a"],
  ["(?:is|are|was|were|be|been) told", "gets, is reported"],
  ["tell(?:s|ing)? of|told of", "describes, reports"],
  ["befall(?:s|en)?", "affects, selects"],
  ["mend(?:s|ed|ing)?", "fix, correct"],
  ["as ever", "as usual"],
  ["(?:lead|come|keep|kept)s? (?:at )?home", "is routed to the emulator"],
  ["a word about", "explains"],
  ["stands?(?! for)|stood", "is, are, wait"],
  ["folders?", "directory"],
  ["refus(?:e|es|ed|ing)", "reject"],
  ["in place of", "instead of"],
  ["beside", "next to, besides"],
  ["hand(?:s|ed|ing)? (?:over|on|ahead|out)", "pass, send"],
  ["look(?:s|ed|ing)? (?:at|into)", "check, read, show"],
  ["take(?:s|n)? no notice of", "ignore"],
  ["make(?:s)? out|made out", "resolve, find"],
  ["tr(?:y|ies|ied|ying) (?:it )?again", "retry"],
  ["(?:in|out of) reach", "available, found"],
  ["its kin|and kin", "related"],
  ["likewise", "also, in the same way"],
  ["lends?|lent|lending", "provide"],
  ["go(?:es)? along|brings? along", "is included"],
  ["shall", "must, will"],
].map(([source, instead]) => [
  new RegExp(`\\b(?:${source.replaceAll(" ", "\\s+")})\\b`, "gi"),
  instead,
]);

const blank = (part) => part.replaceAll(/[^\n]/g, " ");

/** A page without its code, comments and URLs; every word keeps its position. */
const prose = (page) =>
  page.replaceAll(
    /^```[\s\S]*?^```|<!--[\s\S]*?-->|`(?:[^`\n]|\n(?!\n))*`|\]\([^)\n]*\)|<[^>\n]*>/gm,
    blank,
  );

/** Comments of a source file without the code in them; every word keeps its position. */
const commented = (source) =>
  source.replaceAll(
    /"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|(\/\*[\s\S]*?\*\/|\/\/.*)|[\s\S]/g,
    (all, comment) => comment?.replaceAll(/`[^`]*`/g, blank) ?? blank(all),
  );

/** Strings of a source file that have three words, which are what users read. Values in them are blank. */
const printed = (source) =>
  source.replaceAll(
    /\/\*[\s\S]*?\*\/|\/\/.*|("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)|[\s\S]/g,
    (all, string) =>
      /[a-z]\W? [a-z]+\W? [a-z]/i.test(string)
        ? string.replaceAll(/\$\{[^{}`]*\}/g, blank)
        : blank(all),
  );

/** A sentence, a part of one before ; or :, a cell or a heading. */
const SENTENCE = /(?:(?!\n\s*\n|\||\n\s*(?:[-*]|\d+\.)\s|[.!?;:]\s)[\s\S])+/g;
const MOST_WORDS = 25;

const SOURCES = ["src/*.ts", "cli/*.ts"];
/** The comments of these are made from strings. */
const GENERATED = ["src/definition/parts.ts", "src/definition/written.ts"];

/** What of a file people read, a reader for each kind of it. */
function readersOf(file) {
  if (GENERATED.includes(file)) return [];
  return file.endsWith(".ts") ? [commented, printed] : [prose];
}

const listed = [PAGES, SOURCES].map((paths) => String(execFileSync("git", ["ls-files", ...paths])));
const files = listed.join("").trim().split("\n");
const found = files.flatMap((file) => {
  const source = readFileSync(file, "utf8");
  return readersOf(file).flatMap((reader) => problemsIn(file, reader(source), reader === prose));
});

function problemsIn(file, written, isProse) {
  const words = WORDS.flatMap(([pattern, instead]) =>
    [...written.matchAll(pattern)].map(({ 0: word, index }) => [
      index,
      `"${word}"; write: ${instead}`,
    ]),
  );
  const long = [...(isProse ? written.matchAll(SENTENCE) : [])].flatMap(
    ({ 0: sentence, index }) => {
      const count = sentence.match(/[\w'’-]+/g)?.length ?? 0;
      return count > MOST_WORDS ? [[index, `a sentence of ${count} words; part it`]] : [];
    },
  );
  return [...words, ...long].map(([index, problem]) => {
    const before = written.slice(0, index).split("\n");
    return `${file}:${before.length}:${before.at(-1).length + 1}: ${problem}`;
  });
}

for (const problem of found) console.error(problem);
console.error(
  found.length === 0 ? `${files.length} files are in plain words` : `${found.length} to correct`,
);
process.exitCode = found.length === 0 ? 0 : 1;
