import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createBundler } from "../../src/bundle/bundler.ts";
import { findHandlers } from "../../src/bundle/locate-handlers.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { makeProject, only } from "./project.ts";

const PACKAGE = {
  "package.json": JSON.stringify({ name: "greeting", version: "1.0.0", main: "index.js" }),
  "index.js": "exports.greeting = 'hello'; exports.place = __filename;",
};

async function builtElsewhere(root: string, handler: string) {
  const stateDir = temporaryDirectory();
  const bundler = createBundler({ root, stateDir, purpose: "child-process" });
  onTestFinished(() => bundler.stop());
  const { handlers } = findHandlers(root, [{ name: "greet", handler }]);
  const code = only(await bundler.build(handlers));
  expect(code.file.startsWith(stateDir)).toBe(true);
  return code;
}

/** What a program prints that loads the code as Lambda's runtime does. */
function said(file: string): unknown {
  const program = `import(${JSON.stringify(file)}).then(async (module) => {
    const { handler } = module.default ?? module;
    console.log(JSON.stringify(await handler()));
  });`;
  const out = execFileSync(process.execPath, ["--enable-source-maps", "-e", program]);
  return JSON.parse(out.toString());
}

test.each([
  ["CommonJS", "commonjs"],
  ["a module", "module"],
])("code built outside of the project as %s finds the packages of the project", async (_, type) => {
  const { root } = makeProject({
    "package.json": JSON.stringify({ type }),
    "node_modules/greeting/package.json": PACKAGE["package.json"],
    "node_modules/greeting/index.js": PACKAGE["index.js"],
    "src/app.ts": `
      import { greeting, place } from "greeting";
      export const handler = async () => ({ greeting, place, named: (await import(String("greeting"))).greeting });
    `,
  });

  const code = await builtElsewhere(root, "src/app.handler");

  expect(said(code.file)).toEqual({
    greeting: "hello",
    named: "hello",
    place: join(root, "node_modules/greeting/index.js"),
  });
});

test("code built outside the project finds the packages of its function's own directory", async () => {
  const { root } = makeProject({
    "node_modules/other/package.json": "{}",
    "greet/package.json": "{}",
    "greet/node_modules/greeting/package.json": PACKAGE["package.json"],
    "greet/node_modules/greeting/index.js": PACKAGE["index.js"],
    "greet/app.ts": `import { place } from "greeting"; export const handler = async () => place;`,
  });

  const code = await builtElsewhere(root, "greet/app.handler");

  expect(said(code.file)).toBe(join(root, "greet/node_modules/greeting/index.js"));
});

test("code built outside of the project names the author's files, in stacks and as its own place", async () => {
  const { root } = makeProject({
    "src/app.ts": `
      type Place = { stack: string };

      export const handler = async () => {
        const { stack = "" } = new Error("where");
        return { stack: stack.split("\\n")[1], file: __filename };
      };
    `,
  });

  const code = await builtElsewhere(root, "src/app.handler");

  const file = join(root, "src/app.ts");
  expect(said(code.file)).toEqual({ stack: expect.stringContaining(`${file}:5:`), file });
});
