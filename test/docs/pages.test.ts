import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { firstDifference } from "../../scripts/docs/masks.mjs";
import { blocksOf, PAGES } from "../../scripts/docs/page.mjs";

const read = (page: string) => readFileSync(new URL(`../../${page}`, import.meta.url), "utf8");

test.each(PAGES)("every block of %s is run by scripts/check-docs.mjs", (page) => {
  const unknown = blocksOf(read(page)).filter(({ kind }) => kind === undefined);

  expect(unknown).toEqual([]);
});

test.each(["", "rust", "sh with words", "text ann"])("rejects a block of the kind %j", (info) => {
  const kinds = blocksOf(`\`\`\`${info}\nsomething\n\`\`\``).map(({ kind }) => kind);

  expect(kinds).toEqual([undefined]);
});

test("a note says what the fence right below it is, seen or in a comment", () => {
  const page = [
    ...["<!-- in: empty -->", "<!-- file: a.js -->", "```js", "a", "```"],
    ...["<!-- terminal: ann", "```text", "> a", "```", "-->"],
    ...["<!--", "```sh", "ls", "```", "-->", "```text", "a", "```"],
  ];

  expect(blocksOf(page.join("\n"))).toMatchObject([
    { kind: "in", value: "empty" },
    { kind: "file", value: "a.js", lines: ["a"] },
    { kind: "conversation", value: "ann", lines: ["> a"] },
    { kind: "commands", lines: ["ls"] },
    { kind: "printed", lines: ["a"] },
  ]);
});

test("rejects a note without a fence after it", () => {
  expect(() => blocksOf("<!-- fails -->\n\n```sh\nls\n```")).toThrow("line 2");
});

test("rejects a fence within a list, which would not be run", () => {
  expect(() => blocksOf("- so:\n  ```sh\n  ls\n  ```")).toThrow("line 2");
});

test.each([
  [
    "times, ids and sizes differ",
    "12:00:00.000  AAAAA  < 1 ms",
    "13:01:02.003  BBBBB  < 29 ms",
    undefined,
  ],
  ["what is left out stands as …", "a\n…\nd", "a\nb\nc\nd", undefined],
  ["frames come in another order", 'ann < "x"\nbob < "x"', 'bob < "x"\nann < "x"', undefined],
  [
    "a wrong line",
    "1 item put",
    "1 item deleted",
    'in place of "1 item put" it was "1 item deleted"',
  ],
  ["a line that was not printed", "a\nb", "a", '"b" was not printed'],
  [
    "a wrong line behind what is left out, where it was read furthest",
    "a\n…\nb\nc\nd",
    "a\nb\nx\nb\nc\ne",
    'in place of "d" it was "e"',
  ],
  [
    "a line that does not come after what is left out",
    "a\n…\nc",
    "a\nb",
    'after "…" there was nothing like "c"',
  ],
  ["a line that the page lacks", "a", "a\nb", '"b" is not in the page'],
])("compares sessions: %s", (_, written, shown, wrong) => {
  expect(firstDifference(written.split("\n"), shown.split("\n"))).toBe(wrong);
});
