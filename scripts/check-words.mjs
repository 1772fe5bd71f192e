// Keeps words out of pages that readers stumble over, and names the plain word.
//
//   node scripts/check-words.mjs          the pages
//   node scripts/check-words.mjs --code   comments and strings of src/ and cli/, from which some pages are made
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const PAGES = [
  ...["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md"],
  ...["bench/README.md", "examples/**/*.md", "docs/*.md"],
  // Made from code:
  ...[":!docs/errors.md"],
];

/** What is not written, as the source of an expression, and what is written in its place. */
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
].map(([source, instead]) => [new RegExp(`\\b(?:${source})\\b`, "gi"), instead]);

const blank = (part) => part.replaceAll(/[^\n]/g, " ");

/** A page without its code, comments and addresses, every word where it was. */
const prose = (page) =>
  page.replaceAll(/^```[\s\S]*?^```|<!--[\s\S]*?-->|`[^`\n]*`|\]\([^)\n]*\)|<[^>\n]*>/gm, blank);

/** Comments and strings of a source file, every word where it was. */
const said = (source) =>
  source.replaceAll(
    /(\/\*[\s\S]*?\*\/|\/\/.*|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`)|[\s\S]/g,
    (all, kept) => kept ?? blank(all),
  );

const isCode = process.argv.includes("--code");
const listed = execFileSync("git", ["ls-files", ...(isCode ? ["src/*.ts", "cli/*.ts"] : PAGES)]);
const files = String(listed).trim().split("\n");
let found = 0;
for (const file of files) {
  const written = (isCode ? said : prose)(readFileSync(file, "utf8"));
  for (const [index, line] of written.split("\n").entries()) {
    for (const [pattern, instead] of WORDS) {
      for (const { 0: word, index: column } of line.matchAll(pattern)) {
        found += 1;
        console.error(`${file}:${index + 1}:${column + 1}: "${word}"; write: ${instead}`);
      }
    }
  }
}
console.error(found === 0 ? `${files.length} files use plain words` : `${found} words to replace`);
process.exitCode = found === 0 ? 0 : 1;
