import { expect, test } from "vitest";
import { findHandlers, splitHandler } from "../../src/bundle/locate-handlers.ts";
import { makeProject } from "./project.ts";

test.each([
  ["app.handler", { directory: "", module: "app", exportPath: "handler" }],
  ["src/app.handler", { directory: "src/", module: "app", exportPath: "handler" }],
  ["./src/app.handler", { directory: "./src/", module: "app", exportPath: "handler" }],
  ["app.a.b", { directory: "", module: "app", exportPath: "a.b" }],
  ["src.d/app.handler", { directory: "src.d/", module: "app", exportPath: "handler" }],
  ["../app.handler", undefined],
  ["app..handler", undefined],
  ["app", undefined],
  ["app.", undefined],
  [".handler", undefined],
])("splits %s at the first dot of its base name", (handler, parts) => {
  expect(splitHandler(handler)).toEqual(parts);
});

const MODULE = { "package.json": '{"type":"module"}' };

test.each([
  ["a file without an extension first", { app: "", "app.js": "" }, "app", "commonjs"],
  [".js before .mjs", { "app.js": "", "app.mjs": "" }, "app.js", "commonjs"],
  [".js in a package of modules", { ...MODULE, "app.js": "" }, "app.js", "module"],
  [".mjs before .cjs", { "app.mjs": "", "app.cjs": "" }, "app.mjs", "module"],
  [".cjs in a package of modules", { ...MODULE, "app.cjs": "" }, "app.cjs", "commonjs"],
  ["JavaScript before TypeScript", { "app.cjs": "", "app.ts": "" }, "app.cjs", "commonjs"],
  [".ts", { "app.ts": "" }, "app.ts", "commonjs"],
  [".ts in a package of modules", { ...MODULE, "app.ts": "" }, "app.ts", "module"],
  [".mts", { "app.mts": "" }, "app.mts", "module"],
  [".cts", { ...MODULE, "app.cts": "" }, "app.cts", "commonjs"],
  [".tsx", { "app.tsx": "" }, "app.tsx", "commonjs"],
  ["the index of a folder", { "app/index.js": "" }, "app/index.js", "commonjs"],
  ["the TypeScript index of a folder", { "app/index.ts": "" }, "app/index.ts", "commonjs"],
  [
    "a script beside a folder of its name",
    { "app/part.js": "", "app.js": "" },
    "app.js",
    "commonjs",
  ],
  [
    "TypeScript beside a folder of its name",
    { "app/part.ts": "", "app.ts": "" },
    "app.ts",
    "commonjs",
  ],
  [
    "an installed package",
    { "node_modules/app/index.js": "" },
    "node_modules/app/index.js",
    "commonjs",
  ],
])("finds %s", (_, files, file, format) => {
  const { root } = makeProject(files as Record<string, string>);

  const found = findHandlers(root, [{ name: "f", handler: "app.handler" }]);

  expect(found.faults).toEqual([]);
  expect(found.handlers).toMatchObject([
    { file: `${root}/${file}`, format, exportPath: "handler" },
  ]);
});

test("every handler that leads nowhere is one sentence that names the function and says what to do", () => {
  const { root } = makeProject({
    "src/join.ts": "",
    "src/leave/part.js": "",
    "src/leave.mjs": "",
  });

  const { handlers, faults } = findHandlers(root, [
    { name: "good", handler: "src/join.handler" },
    { name: "missing", handler: "src/jion.handler" },
    { name: "nowhere", handler: "lib/join.handler" },
    { name: "outside", handler: "../join.handler" },
    { name: "shadowed", handler: "src/leave.handler" },
  ]);

  expect(handlers.map(({ name }) => name)).toEqual(["good"]);
  expect(faults).toEqual([
    'Function "missing" has the handler src/jion.handler, but src/jion with .js, .mjs, .cjs, .ts, .mts, .cts, .tsx does not exist. Next to it is join.ts, leave.mjs. Create the file or correct the handler.',
    'Function "nowhere" has the handler lib/join.handler, but lib/join with .js, .mjs, .cjs, .ts, .mts, .cts, .tsx does not exist. The directory lib does not contain scripts. Create the file or correct the handler.',
    'Function "outside" has the handler "../join.handler", which Lambda rejects. Write path.export, without "..".',
    'Function "shadowed" has the handler src/leave.handler. Lambda would load the directory src/leave instead of src/leave.mjs, and fail. Rename one of them.',
  ]);
});
