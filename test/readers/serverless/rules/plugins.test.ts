import { expect, test } from "vitest";
import { checkPlugins, pluginsIn } from "../../../../src/readers/serverless/rules/plugins.ts";
import { writtenBy } from "./written.ts";

const checked = (plugins: readonly string[]) =>
  writtenBy((written) => checkPlugins(written, { node: written.service, key: "plugins" }), {
    plugins,
  }).reported;
const ADVICE =
  "If you need that, run serverless package and start with -t .serverless/cloudformation-template-update-stack.json.";

test("names plugins that wsgw does not run, and says when their configuration matters", () => {
  expect(checked(["serverless-step-functions", "serverless-offline", "own"])).toEqual([
    `warning plugins: wsgw does not run serverless-step-functions, own. Their additions to the stack are missing here. ${ADVICE}`,
  ]);
  expect(checked(["serverless-webpack"])).toEqual([
    `warning plugins: wsgw bundles functions with esbuild and does not read the configuration of serverless-webpack, such as aliases and loaders. ${ADVICE}`,
  ]);
  expect(checked(["serverless-rspack"])).toHaveLength(1);
  expect(checked(["serverless-esbuild", "osls-esbuild", "serverless-prune-plugin"])).toEqual([]);
  expect(checked(["my-serverless-esbuild"])).toHaveLength(1);
  expect(checked(["serverless-esbuild-more"])).toHaveLength(1);
  expect(checked(["serverless-localstack"])).toEqual([]);
  expect(checked(["local-server"])).toHaveLength(1);
});

test("plugins are an array, or one in modules", () => {
  expect(pluginsIn(["a", 7, "b"])).toEqual(["a", "b"]);
  expect(pluginsIn({ modules: ["a"] })).toEqual(["a"]);
  expect(pluginsIn(undefined)).toEqual([]);
});
