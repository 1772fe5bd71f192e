import { expect, test } from "vitest";
import { wrapperHandler } from "../../../../src/emulator/lambda/child-process/child/wrapper-handler.ts";
import { project } from "../../../readers/projects.ts";
import { plainSpec } from "../plain-spec.ts";

const { code } = plainSpec("/built/app.js");
const OWN = { handler: "app.handler", code: { ...code, sourceMaps: true }, layers: [] };

/** A script has put `handler` into `_HANDLER`, in a function whose code has these files. */
function handed(handler: string, files: Readonly<Record<string, string>> = {}) {
  const { root, path } = project({ "package.json": "{}", ...files });
  const environment = { _HANDLER: handler, LAMBDA_TASK_ROOT: root };
  return { found: wrapperHandler(OWN, environment), path };
}

test.each([
  ["names no handler", {}],
  ["names the function's own", { _HANDLER: "app.handler", LAMBDA_TASK_ROOT: "/nowhere" }],
])("a process whose environment %s runs the code that was built", (_, environment) => {
  expect(wrapperHandler(OWN, environment)).toBe(OWN);
});

test("a handler that a script has put in place is loaded from its file as it is", () => {
  const { found, path } = handed("around.wrap.run", { "around.mjs": "" });

  const file = path("around.mjs");
  expect(found).toEqual({
    handler: "around.wrap.run",
    code: {
      ...{ file, source: file, exportPath: "wrap.run", format: "module", sourceMaps: false },
      ...{ runtimeSdk: undefined, sdkPackages: [] },
    },
  });
});

test.each([
  ["has no file", {}],
  ["is TypeScript, which nobody builds here", { "around.ts": "" }],
])("a handler put in place that %s cannot be imported", (_, files) => {
  expect(handed("around.run", files).found).toMatchObject({
    error: {
      errorType: "Runtime.ImportModuleError",
      errorMessage: "Error: Cannot find module 'around'",
    },
  });
});

test("a handler put in place that Lambda cannot read is malformed", () => {
  expect(handed("around").found).toEqual({
    error: {
      errorType: "Runtime.MalformedHandlerName",
      errorMessage: "Bad handler",
      trace: [
        "Runtime.MalformedHandlerName: Bad handler",
        'Function "" has the handler "around", which Lambda rejects. Write path.export, without "..".',
      ],
    },
  });
});

test("a handler put in place may be in a layer", () => {
  const { root, path } = project({ "package.json": "{}", "layer/around.mjs": "" });
  const environment = { _HANDLER: "/opt/around.run", LAMBDA_TASK_ROOT: root };

  const found = wrapperHandler({ ...OWN, layers: [path("layer")] }, environment);

  expect(found).toMatchObject({ code: { file: path("layer/around.mjs"), exportPath: "run" } });
});
