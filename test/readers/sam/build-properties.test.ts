import { expect, test } from "vitest";
import {
  handlerOfEntry,
  readBuildProperties,
} from "../../../src/readers/sam/rules/build-properties.ts";

test.each([
  ["app.handler", ["src/app.ts"], "src/app.handler"],
  ["app.handler", ["./src/app.ts"], "src/app.handler"],
  ["b/app.handler", ["src/a/app.ts", "src/b/app.mts"], "src/b/app.handler"],
  ["app.api.handler", ["src/app.tsx"], "src/app.api.handler"],
  ["app.handler", ["app.ts"], "app.handler"],
  ["src/app.handler", ["src/app.ts"], "src/app.handler"],
  ["other.handler", ["src/app.ts"], "other.handler"],
  ["app.handler", [], "app.handler"],
])("%s of the entry points %j is %s", (handler, entryPoints, own) => {
  expect(handlerOfEntry(handler, entryPoints)).toBe(own);
});

test("BuildProperties become esbuild settings, in arrays or objects", () => {
  const metadata = {
    BuildMethod: "esbuild",
    BuildProperties: {
      Alias: ["a=b"],
      Banner: ["js=import { createRequire } from 'node:module', x = 1;"],
      Conditions: ["worker"],
      Define: { VERSION: '"1"' },
      EntryPoints: ["src/app.ts"],
      External: ["@aws-sdk/*", "canvas"],
      Footer: "js=a, b",
      Format: "esm",
      Loader: [".svg=text", ".png=file"],
      MainFields: "module,main",
      Minify: true,
      Inject: ["./shims/fetch.js"],
      Packages: "external",
    },
  };

  expect(readBuildProperties(metadata)).toEqual({
    build: {
      alias: { a: "b" },
      banner: "import { createRequire } from 'node:module', x = 1;",
      conditions: ["worker"],
      define: { VERSION: '"1"' },
      external: ["@aws-sdk/*", "canvas"],
      footer: "a, b",
      format: "module",
      inject: ["./shims/fetch.js"],
      packages: "external",
      loader: { ".svg": "text" },
      mainFields: ["module", "main"],
    },
    entryPoints: ["src/app.ts"],
    unhonoured: ["Loader .png=file"],
  });
  expect(readBuildProperties({ BuildMethod: "makefile" })).toBeUndefined();
});
