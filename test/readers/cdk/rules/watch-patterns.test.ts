import { expect, test } from "vitest";
import { readSettings } from "../../../../src/readers/cdk/rules/settings.ts";

test.each([
  ["lib/chat.ts", {}, true],
  ["cdk.out/manifest.json", {}, false],
  ["node_modules/x/index.js", {}, false],
  ["lib/chat.js", { exclude: ["**/*.js"] }, false],
  ["lib/deep/chat.d.ts", { exclude: ["**/*.d.ts"] }, false],
  ["cdk.context.json", { exclude: ["cdk*.json"] }, false],
  ["lib/cdk.json", { exclude: ["cdk*.json"] }, true],
  ["test/chat.ts", { exclude: ["test"] }, false],
  ["web/app.tsx", { include: "lib/**" }, false],
  ["lib/app.tsx", { include: ["./lib/**/*.{ts,tsx}"] }, true],
])("whether %s is a source of an app that watches %o: %s", (file, watch, isSource) => {
  expect(readSettings(JSON.stringify({ watch }))?.isSource(file)).toBe(isSource);
});
