import { mkdirSync, readFileSync, realpathSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { createBundler } from "../../src/bundle/bundler.ts";
import { findHandlers } from "../../src/bundle/locate-handlers.ts";
import { bundlerFor, makeProject, only } from "./project.ts";

const PURPOSES = ["child-process", "in-process", "deploy"] as const;
const TSCONFIG =
  '{ "compilerOptions": { "experimentalDecorators": true, "emitDecoratorMetadata": true } }';

/** A project whose tsconfig.json may come from a file that it extends, with packages of this checkout. */
function makeDecorated(
  files: Readonly<Record<string, string>>,
  packages: readonly string[] = ["reflect-metadata", "@swc/core"],
) {
  const project = makeProject({
    "base.json": TSCONFIG,
    "tsconfig.json": '{ "extends": "./base.json" }',
    ...files,
  });
  for (const name of packages) {
    const at = join(project.root, "node_modules", name);
    mkdirSync(dirname(at), { recursive: true });
    symlinkSync(realpathSync(join("node_modules", name)), at);
  }
  return project;
}

const ENTITY = `import "reflect-metadata";
import { Name } from "./name";
function Column(target: object, key: string) {
  const type = Reflect.getMetadata("design:type", target, key);
  if (!type) throw new Error("no design:type for " + key);
  types.push(type.name);
}
function Injectable(target: new (...args: never[]) => unknown) {
  types.push(...Reflect.getMetadata("design:paramtypes", target).map((one: { name: string }) => one.name));
}
const types: string[] = [];
@Injectable
class Entity {
  @Column name!: Name;
  @Column count!: number;
  constructor(readonly first: Name, readonly place: unknown = __filename) {}
}
export const handler = () => [...types, "name" in new Entity(new Name()), new Entity(new Name()).place].join();
export const fails = () => {
  throw new Error("boom");
};`;

test.each([
  'const url = "https://example.com"; @Injectable class A { constructor(readonly n: Number) {} }',
  'const open = "/*"; @Injectable class A { constructor(readonly n: Number) {} } const close = "*/";',
  "const pattern = /[/*]/; @Injectable class A { constructor(readonly n: Number) {} } /* end */",
  "class A { constructor(@(() => {}) readonly n: Number) {} } types.push('Number');",
])("decorators are found behind whatever text: %s", async (code) => {
  const { root } = makeDecorated({
    "app.ts": `import "reflect-metadata";
const types: string[] = [];
function Injectable(target: object) {
  types.push(...Reflect.getMetadata("design:paramtypes", target).map((one: { name: string }) => one.name));
}
${code}
export const handler = () => types.join();`,
  });

  const { file } = only(await bundlerFor(root)("app.handler"));

  expect(createRequire(file)(file).handler()).toBe("Number");
});

test("does not treat an @ in a string, a comment or a pattern as a decorator", async () => {
  const { root } = makeDecorated(
    {
      "app.ts": `/** @param {string} one */
// @ts-check
const at = [" @Injectable", / @x/, \` @y \${1}\`];
export const handler = () => at.length;`,
    },
    [],
  );

  expect(only(await bundlerFor(root)("app.handler")).warnings).toEqual([]);
});

test.each(PURPOSES)(
  "decorators get the types that tsconfig.json asks for (%s)",
  async (purpose) => {
    const { root } = makeDecorated({
      "app.ts": ENTITY,
      "name.ts": "export class Name { a = 1; }",
    });

    const code = only(await bundlerFor(root, purpose)("app.handler"));

    expect(code.warnings).toEqual([]);
    const place = { "child-process": "app.ts", "in-process": "app_ts", deploy: "app.ts" }[purpose];
    const answer: string = createRequire(code.file)(code.file).handler();
    expect(answer).toContain("Name,Number,Name,");
    expect(answer).toContain(place);
    expect(answer).toContain(",false,");
    const map = JSON.parse(readFileSync(`${code.file}.map`, "utf8")) as { sources: string[] };
    expect(map.sources.some((source) => source.endsWith("/app.ts"))).toBe(true);
  },
);

test("fields are defined where the target of tsconfig.json says so", async () => {
  const { root } = makeDecorated({
    "base.json": TSCONFIG.replace('{ "exp', '{ "target": "ES2022", "exp'),
    "app.ts": ENTITY,
    "name.ts": "export class Name {}",
  });

  const code = only(await bundlerFor(root)("app.handler"));

  expect(createRequire(code.file)(code.file).handler()).toContain(",true,");
});

test("decorators get their types in ES modules and in linked packages, also with virtual time", async () => {
  const { root } = makeDecorated({
    "package.json": '{ "type": "module" }',
    "app.ts": ENTITY.replace("./name", "@acme/name").replace("__filename", "Date.now()"),
    "packages/name/package.json": '{ "type": "module", "exports": "./index.ts" }',
    "packages/name/index.ts": "export class Name {}",
  });
  mkdirSync(join(root, "node_modules/@acme"));
  symlinkSync(join(root, "packages/name"), join(root, "node_modules/@acme/name"));
  const { handlers } = findHandlers(root, [{ name: "app", handler: "app.handler" }]);
  const timed = createBundler({ root, purpose: "in-process", virtualTime: true });

  const code = only(await bundlerFor(root)("app.handler"));
  const inProcess = only(await timed.build(handlers));
  await timed.stop();

  const module = await import(/* @vite-ignore */ pathToFileURL(code.file).href);
  expect(module.handler()).toContain("Name,Number,Name,");
  const text = readFileSync(inProcess.file, "utf8");
  expect(text).toContain('"design:type", Number');
  expect(text).toContain("__wsgw_time.Date.now()");
});

test("the project's own TypeScript emits the types where it can", async () => {
  const { root } = makeDecorated(
    {
      "app.ts": "function a(_: unknown) {} @a class A {} export const handler = (): unknown => A;",
      "node_modules/typescript/index.js": `
        exports.version = "5.9.3";
        exports.ModuleKind = { ESNext: 99, Preserve: 200 };
        exports.ScriptTarget = { ESNext: 99 };
        exports.JsxEmit = { Preserve: 1 };
        exports.transpileModule = (text, { fileName, compilerOptions }) =>
          ({ outputText: "export const handler = () => " + JSON.stringify([fileName, compilerOptions]) });`,
    },
    ["@swc/core"],
  );

  const code = only(await bundlerFor(root)("app.handler"));

  expect(createRequire(code.file)(code.file).handler()).toEqual([
    join(root, "app.ts"),
    {
      strictNullChecks: false,
      verbatimModuleSyntax: false,
      useDefineForClassFields: false,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      target: 99,
      module: 200,
      jsx: 1,
      inlineSourceMap: true,
    },
  ]);
});

test.each(PURPOSES)(
  "a warning says that types for decorators cannot be emitted (%s)",
  async (purpose) => {
    const { root } = makeDecorated(
      {
        "src/app.ts":
          "function a(_: unknown) {} @a class A {} export const handler = (): unknown => A;",
        "src/other.ts": "export const handler = () => 1;",
        "node_modules/typescript/index.js": 'exports.version = "7.0.2";',
      },
      [],
    );

    const first = await bundlerFor(root, purpose)("src/app.handler", "src/other.handler");
    const again = await bundlerFor(root, purpose)("src/app.handler", "src/other.handler");

    const warning =
      "is built with a warning: src/app.ts has decorators that need type metadata. emitDecoratorMetadata in tsconfig.json needs @swc/core or TypeScript below 7. Run npm install --save-dev @swc/core.";
    for (const { code } of [first, again]) {
      expect([...code.values()].map(({ warnings }) => warnings)).toEqual([[warning], []]);
    }
  },
);

test.each([
  [
    "without emitDecoratorMetadata",
    '{ "compilerOptions": { "experimentalDecorators": true } }',
    "@a class A {}",
  ],
  ["without decorators", TSCONFIG, "/** @param b */ class A { b = 'a@b.c' + '@acme/a'; } // @a\n"],
])("nothing is said %s", async (_, base, text) => {
  const { root } = makeDecorated(
    {
      "base.json": base,
      "app.ts": `function a(_: unknown) {} ${text} export const handler = (): unknown => [a, A];`,
    },
    [],
  );

  expect(only(await bundlerFor(root)("app.handler")).warnings).toEqual([]);
});

test("a mistake in the syntax of decorated code has its place", async () => {
  const { root } = makeDecorated({ "app.ts": "const a = () => {};\n@a class { = }" });

  expect(await bundlerFor(root)("app.handler")).toMatchObject({
    failures: [{ file: join(root, "app.ts"), line: 2 }],
  });
});
