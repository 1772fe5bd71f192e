import { expect, test } from "vitest";
import {
  adviceOnNodePackage,
  adviceOnPythonPackage,
} from "../../../../src/emulator/lambda/rules/missing-package.ts";

test.each([
  [
    "Error: Cannot find module 'left'\nRequire stack:",
    "left is not installed. Run npm install left",
  ],
  ["Cannot find module '@acme/a/lib/b.js'", "@acme/a is not installed. Run npm install @acme/a"],
  [
    "Cannot find package 'left' imported from /a.mjs",
    "left is not installed. Run npm install left",
  ],
  [
    "Cannot find module '@aws-sdk/client-ssm'",
    "Lambda provides @aws-sdk/client-ssm. Here, install it: npm install --save-dev @aws-sdk/client-ssm",
  ],
  ["Cannot find module './part.js'", undefined],
  ["Cannot find module '/a/part.js'", undefined],
  ["Cannot find module '../part'", undefined],
  ["boom", undefined],
])("the advice on code that cannot be loaded fits: %s", (errorMessage, advice) => {
  expect(adviceOnNodePackage({ errorType: "Error", errorMessage, trace: [] })).toBe(advice);
});

test("gives advice for what Lambda includes, and for nothing else", () => {
  const error = (name: string) => ({
    errorType: "Runtime.ImportModuleError",
    errorMessage: `Unable to import module 'app': No module named '${name}'`,
    trace: [],
  });

  expect(adviceOnPythonPackage(error("botocore.exceptions"))).toBe(
    "Lambda provides botocore. Here, install it: pip install botocore",
  );
  expect(adviceOnPythonPackage(error("boto3"))).toContain("pip install boto3");
  expect(adviceOnPythonPackage(error("requests"))).toBeUndefined();
});

test("says how to install what a module of Python does not find", () => {
  const imports = (message: string) => ({
    errorType: "Runtime.ImportModuleError",
    errorMessage: `Unable to import module 'app': ${message}`,
    trace: [],
  });
  const command = "venv/bin/python -m pip install";

  expect(
    adviceOnPythonPackage(imports("No module named 'yaml.loader'"), {
      command,
      requirements: undefined,
    }),
  ).toBe("yaml is not installed. Run venv/bin/python -m pip install yaml");
  expect(
    adviceOnPythonPackage(imports("No module named 'yaml'"), {
      command,
      requirements: "src/requirements.txt",
    }),
  ).toBe("yaml is not installed. Run venv/bin/python -m pip install -r src/requirements.txt");
  expect(
    adviceOnPythonPackage(imports("cannot import name 'x' from 'app'"), {
      command,
      requirements: undefined,
    }),
  ).toBeUndefined();
});
