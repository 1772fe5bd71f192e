import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Plugin } from "esbuild";
import { expect, test } from "vitest";
import { createBundler, type HandlerCode } from "../../src/bundle/bundler.ts";
import { findHandlers } from "../../src/bundle/locate-handlers.ts";
import type { EsbuildSettings } from "../../src/definition/project.ts";
import { bundlerFor, makeProject, only } from "./project.ts";

const PURPOSES = ["child-process", "in-process", "deploy"] as const;

/** What the handler of a bundle returns. */
async function resultOf(code: HandlerCode): Promise<unknown> {
  const module =
    code.format === "module"
      ? await import(/* @vite-ignore */ pathToFileURL(code.file).href)
      : createRequire(code.file)(code.file);
  return module.handler();
}

test.each(
  PURPOSES.flatMap((purpose) => ["app.ts", "app.js"].map((file) => [file, purpose] as const)),
)("%s imports text by its extension, and WebAssembly as bytes (%s)", async (file, purpose) => {
  const texts = ["graphql", "gql", "sql", "html", "md", "txt", "yaml", "yml"];
  const { root } = makeProject({
    [file]: `${texts.map((one) => `import ${one} from "./data/a.${one}";`).join("")} import wasm from "./a.wasm";
      export const handler = () => [${texts.join()}, ...wasm].join(" ");`,
    ...Object.fromEntries(texts.map((one) => [`data/a.${one}`, `text of ${one}`])),
    "a.wasm": "\0asm",
    "package.json": purpose === "in-process" ? "{}" : '{ "type": "module" }',
  });

  const code = only(await bundlerFor(root, purpose)("app.handler"));

  const expected = [...texts.map((one) => `text of ${one}`), 0, 97, 115, 109].join(" ");
  expect(await resultOf(code)).toBe(expected);
  const inputs = [file, "a.wasm", ...texts.map((one) => `data/a.${one}`)];
  expect([...code.inputs].sort()).toEqual(inputs.map((one) => join(root, one)).sort());
});

/** Gives the text of `virtual:NAME` files, and code that asks for its place. */
const plugin: Plugin = {
  name: "greetings",
  setup(build) {
    build.onResolve({ filter: /^greeting:/ }, ({ path }) => ({ path, namespace: "greeting" }));
    build.onLoad({ filter: /.*/, namespace: "greeting" }, ({ path }) => ({
      contents: `export default ${JSON.stringify(path)};`,
    }));
    build.onLoad({ filter: /placed\.ts$/ }, ({ path }) => ({
      contents: `${readFileSync(path, "utf8")} export const added: string = "added";`,
      loader: "ts",
    }));
  },
};

test.each(
  PURPOSES.flatMap((purpose) => ["app.ts", "app.js"].map((file) => [file, purpose] as const)),
)(
  "%s is built with the loaders, names and plugins of the definition (%s)",
  async (file, purpose) => {
    const { root } = makeProject({
      [file]: `import icon from "./icon.svg"; import hello from "greeting:hello"; import { added, place } from "./placed";
      export const handler = () => [icon, hello, VERSION, process.env.STAGE, added, typeof place].join();`,
      "icon.svg": "<svg/>",
      "placed.ts": "export const place: string = import.meta.url + __dirname;",
      "package.json": purpose === "in-process" ? "{}" : '{ "type": "module" }',
    });
    const settings = {
      loader: { ".svg": "text" },
      define: { VERSION: '"1.2"', "process.env.STAGE": '"dev"' },
      plugins: [plugin],
    } as const;

    const code = only(await bundlerFor(root, purpose, settings)("app.handler"));

    if (purpose === "in-process") {
      expect(readFileSync(code.file, "utf8")).toContain('"<svg/>"');
      return;
    }
    expect(await resultOf(code)).toBe("<svg/>,greeting:hello,1.2,dev,added,string");
  },
);

test("other settings of a changed definition build the code again", async () => {
  const { root } = makeProject({ "app.ts": "export const handler = () => VERSION;" });
  const { handlers } = findHandlers(root, [{ name: "app", handler: "app.handler" }]);
  const bundler = createBundler({ root, purpose: "in-process" });
  const build = async (settings: Partial<EsbuildSettings>) =>
    only(await bundler.build(handlers, { loader: {}, define: {}, plugins: [], ...settings }));

  const one = await build({ define: { VERSION: "1" } });
  const two = await build({ define: { VERSION: "2" } });
  const none = await build({});
  await bundler.stop();

  const textOf = ({ file }: HandlerCode) => readFileSync(file, "utf8");
  expect(textOf(one)).toContain("() => 1");
  expect(textOf(two)).toContain("() => 2");
  expect(textOf(none)).toContain("() => VERSION");
});

test("what plugins make is not kept for the next process", async () => {
  const { root } = makeProject({ "app.ts": "export const handler = () => 1;" });

  only(await bundlerFor(root, "in-process", { plugins: [plugin] })("app.handler"));

  const names = readdirSync(join(root, ".wsgw/build/in-process"));
  expect(names.filter((name) => name.endsWith(".json"))).toEqual([]);
  expect(existsSync(join(root, ".wsgw/build/in-process"))).toBe(true);
});

test("a plugin that fails is a failure with its name", async () => {
  const { root } = makeProject({ "app.ts": "export const handler = () => 1;" });
  const broken: Plugin = {
    name: "broken",
    setup: () => {
      throw new Error("no greetings today");
    },
  };

  expect(
    await bundlerFor(root, "child-process", { plugins: [broken] })("app.handler"),
  ).toMatchObject({
    kind: "failed",
    failures: [{ text: "Plugin broken: no greetings today" }],
  });
});

test("code that a plugin loads has the gateway's time in tests with virtual time", async () => {
  const { root } = makeProject({
    "app.ts": "export { handler } from './placed.ts';",
    "placed.ts": "export const handler = () => Date.now();",
  });
  const { handlers } = findHandlers(root, [{ name: "app", handler: "app.handler" }]);
  const bundler = createBundler({ root, purpose: "in-process", virtualTime: true });

  const code = only(await bundler.build(handlers, { loader: {}, define: {}, plugins: [plugin] }));
  await bundler.stop();

  expect(readFileSync(code.file, "utf8")).toContain("__wsgw_time.Date.now()");
});
