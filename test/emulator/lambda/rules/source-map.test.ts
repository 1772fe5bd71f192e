import { SourceMap } from "node:module";
import { buildSync } from "esbuild";
import { expect, test } from "vitest";
import { sourcePlaces } from "../../../../src/emulator/lambda/rules/source-map.ts";

/** A bundle of this test's own helpers, with all that esbuild does to names and types. */
function bundle(minify: boolean) {
  const { outputFiles } = buildSync({
    entryPoints: [
      `${import.meta.dirname}/../../../../src/clock.ts`,
      `${import.meta.dirname}/../../../../src/ids.ts`,
    ],
    bundle: true,
    platform: "node",
    format: "esm",
    sourcemap: "linked",
    outdir: "/out",
    write: false,
    minify,
  });
  return outputFiles
    .filter(({ path }) => path.endsWith(".map"))
    .map(({ text }) => JSON.parse(text));
}

test.each([
  ["of one line", true],
  ["of many lines", false],
])("finds the place in the source for every place of a bundle %s, as Node does", (_, minify) => {
  for (const map of bundle(minify)) {
    const node = new SourceMap(map);
    const places = [];
    for (let line = 1; line <= 5; line += 1)
      for (let column = 1; column < 3000; column += 7) places.push({ line, column });

    const found = sourcePlaces(map, places);

    const expected = places.map(({ line, column }) => {
      const entry = node.findEntry(line - 1, column - 1);
      if (!("originalSource" in entry) || entry.generatedLine !== line - 1) return undefined;
      const { originalSource: source, originalLine, originalColumn } = entry;
      return { source, line: originalLine + 1, column: originalColumn + 1 };
    });
    expect(found).toEqual(expected);
    expect(found.filter((place) => place !== undefined).length).toBeGreaterThan(20);
  }
});

test("a place that comes from no source has none", () => {
  // Columns 1 and 5 of the first line, of which only the second has a source; nothing in the second line.
  const map = { sources: ["a.ts"], mappings: "A,IAAA;" };
  const places = [
    { line: 1, column: 1 },
    { line: 1, column: 6 },
    { line: 2, column: 1 },
    { line: 9, column: 1 },
  ];

  expect(sourcePlaces(map, places)).toEqual([
    undefined,
    { source: "a.ts", line: 1, column: 1 },
    undefined,
    undefined,
  ]);
});
