import { expect, test } from "vitest";
import { bundling } from "../../../../src/readers/serverless/rules/esbuild-settings.ts";

const ESBUILD = {
  alias: { a: "b" },
  banner: { js: "// a" },
  conditions: ["worker"],
  define: { A: "1" },
  footer: { js: "// b" },
  format: "esm",
  inject: ["./shim.js"],
  loader: { ".txt": "text" },
  mainFields: ["module"],
  packages: "external",
};

test("settings of esbuild become those of SAM, from the plugin or from Serverless itself", () => {
  const esbuild = { ...ESBUILD, external: ["sharp", 7], minify: true };
  const expected = {
    BuildMethod: "esbuild",
    BuildProperties: {
      Alias: { a: "b" },
      Banner: { js: "// a" },
      Conditions: ["worker"],
      Define: { A: "1" },
      Footer: { js: "// b" },
      Format: "esm",
      Inject: ["./shim.js"],
      Loader: { ".txt": "text" },
      MainFields: ["module"],
      Packages: "external",
      External: ["sharp"],
    },
  };
  const none = { plugins: [], custom: {}, build: {} };

  expect(bundling({ ...none, build: { esbuild } })).toEqual(expected);
  expect(bundling({ plugins: ["serverless-esbuild"], custom: { esbuild }, build: {} })).toEqual(
    expected,
  );
  expect(bundling({ ...none, custom: { esbuild } })).toBeUndefined();
  expect(bundling({ ...none, build: { esbuild: { minify: true, external: [] } } })).toBeUndefined();
  expect(bundling({ ...none, build: { esbuild: true } })).toBeUndefined();
});
