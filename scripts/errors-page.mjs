// Writes docs/errors.md from the table of codes in src/errors.ts and their descriptions in scripts/errors/.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadTypeScript } from "./docs/typescript.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The page as it must be now. */
export async function errorsPage() {
  const { HINTS } = await loadTypeScript("src/errors.ts");
  const { AREAS } = await loadTypeScript("scripts/errors/described.ts");
  const sections = Object.entries(AREAS).flatMap(([title, described]) => [
    `## ${title}`,
    ...Object.keys(described)
      .sort()
      .map((code) => entry(code, HINTS[code], described[code])),
  ]);
  return `${[INTRODUCTION, ...sections].join("\n\n")}\n`;
}

const INTRODUCTION = `<!-- Made by node scripts/errors-page.mjs from src/errors.ts; do not edit. -->

# Errors

wsgw reports an error that you can fix as a \`WsgwError\`: what is wrong, with the values, and what to do. On the command line, the
exit status is then 1. In code, compare \`error.code\`. Codes are stable; messages may change.

<!-- in: other -->
<!-- terminal: holder
\`\`\`sh
node -e 'require("net").createServer().listen(3001, "127.0.0.1", () => console.log("held"))'
\`\`\`
-->
<!-- terminal: holder
\`\`\`text
held
\`\`\`
-->
\`\`\`console
$ npx wsgw dev
✗ Port 3001 is in use by process 4711 (node -e require("net")…).
  Take the next port that is free with --port auto, or choose another --port.
\`\`\`

Any other error, shown with its stack, is a bug in wsgw. [\`wsgw doctor\`](doctor.md) checks for many of these errors at once.`;

function entry(code, hint, { when, says, page }) {
  return [
    `### ${code}`,
    when,
    ...(says === undefined ? [] : [`> ${says.replaceAll(/\{(\w+)\}/g, "_$1_")}`]),
    `What to do: ${escaped(hint)} More: [${page}](${page}).`,
  ].join("\n\n");
}

function escaped(text) {
  return text.replaceAll(/[<>*_]/g, "\\$&");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = `${root}docs/errors.md`;
  const page = await errorsPage();
  if (process.argv.includes("--check")) {
    process.exitCode = readFileSync(file, "utf8") === page ? 0 : 1;
  } else writeFileSync(file, page);
}
