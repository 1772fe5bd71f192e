import { beforeAll, expect, onTestFinished, test } from "vitest";
import { createBundler } from "../../../src/bundle/bundler.ts";
import { findHandlers } from "../../../src/bundle/locate-handlers.ts";
import { createChildProcesses } from "../../../src/emulator/lambda/child-process/child-process.ts";
import { startGateway } from "../../../src/testing/index.ts";
import {
  buildLambdaChild,
  lacksPython,
  runFunction,
  specOf,
} from "../../contracts/lambda-setup.ts";
import { project } from "../../readers/projects.ts";
import { apiOf } from "../../scenarios/support.ts";

beforeAll(buildLambdaChild);

test("a file that is written while it is loaded is loaded again, and no event fails for it", async () => {
  const { root, path } = project({
    "package.json": "{}",
    "helper.js": 'exports.word = "half";\n',
    // The first process that loads it writes the other file right after it has read it.
    "app.js": `const { word } = require("./helper.js");
if (word === "half") require("fs").writeFileSync(require.resolve("./helper.js"), 'exports.word = "whole";\\n');
exports.handler = async () => word;\n`,
  });
  const spec = await specOf({ handler: "app.handler", root });
  const code = { ...spec.code, files: [path("app.js"), path("helper.js")] };
  const run = await runFunction(createChildProcesses(), {
    handler: "app.handler",
    spec: { ...spec, code },
  });
  onTestFinished(() => run.lambda.stop());

  expect(await run.invoke("hello")).toMatchObject({ payload: '"whole"' });

  expect(run.facts("function.ended")).toHaveLength(1);
});

test.skipIf(await lacksPython())(
  "a file of Python that is written while it is loaded is loaded again too",
  { tags: ["journey"] },
  async () => {
    const { root } = project({
      "helper.py": "",
      "app.py": `import helper
if not hasattr(helper, "word"):
    with open(helper.__file__, "w") as file: file.write("word = 'whole'\\n")
from helper import word
def handler(event, context): return {"statusCode": 200, "body": word}\n`,
    });
    const definition = apiOf(["$default"], {
      functions: { default: { handler: "app.handler", runtime: "python3.12" } },
      routes: { $default: { function: "default", routeResponse: true } },
    });
    const gateway = await startGateway(definition, { root });
    onTestFinished(() => gateway.stop());
    const ann = await gateway.connect();

    ann.send("hello");

    expect(await ann.next()).toBe("whole");
    expect(gateway.facts("function.ended")).toHaveLength(1);
  },
);

test("the code of plain JavaScript names all of the author's files that are loaded", async () => {
  const { root, path } = project({
    "package.json": "{}",
    "helper.js": 'exports.word = "half";\n',
    "app.js": 'require("./helper.js"); exports.handler = async () => {};\n',
  });
  const bundler = createBundler({ root, purpose: "child-process" });
  onTestFinished(() => bundler.stop());
  const { handlers } = findHandlers(root, [{ name: "app", handler: "app.handler" }] as never);

  const { code } = await bundler.build(handlers);

  expect(code.get("app")?.files).toEqual([path("app.js"), path("helper.js")]);
});
