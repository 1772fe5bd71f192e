import { chmodSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { requirementWarnings } from "../../../src/deploy/package/requirements.ts";
import type { WsgwError } from "../../../src/errors.ts";
import { startGateway } from "../../../src/testing/index.ts";
import { makeProject } from "../../bundle/project.ts";
import { apiWith, contentsOf, modesOf, packaged, packagedOne, unzipped } from "../packaging.ts";

const NOTHING = "export const handler = async () => ({ statusCode: 200 });\n";

test("a zip holds the bundle and its map, with no place of this machine in them", async () => {
  const { root } = makeProject({
    "src/app.mts": `import { name } from "./name.mjs";\n${NOTHING}export const own = name;\n`,
    "src/name.mts": "export const name: string = 'x';\n",
    "src/old.js": "exports.handler = async () => ({ statusCode: 200 });\n",
  });

  const [module, script] = await packaged(
    root,
    apiWith({ module: { handler: "src/app.handler" }, script: { handler: "src/old.handler" } }),
  );

  expect(module?.files).toEqual(["index.mjs", "index.mjs.map"]);
  expect(script?.files).toEqual(["index.js", "index.js.map"]);
  const { "index.mjs": code = "", "index.mjs.map": map = "" } = contentsOf(module!);
  expect(code).toContain("//# sourceMappingURL=index.mjs.map");
  expect(JSON.parse(map).sources).toEqual(["src/name.mts", "src/app.mts"]);
  expect(code + map).not.toContain(root);
  expect(modesOf(module!)).toEqual({ "index.mjs": "100644", "index.mjs.map": "100644" });
  expect(module?.unzippedBytes).toBe(code.length + map.length);
  expect(module?.zippedBytes).toBe(module?.zip.length);
});

test("wsgw's own copy of the SDK goes into the zip of a project that has none", {
  tags: ["journey"],
}, async () => {
  const { root } = makeProject({
    "app.mjs": `import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
export const client = new DynamoDBClient({});
${NOTHING}`,
  });

  const fn = await packagedOne(root, { handler: "app.handler" });

  expect(fn.warnings).toEqual([]);
  expect(contentsOf(fn)["index.mjs"]).toContain("// node_modules/@aws-sdk/client-dynamodb/");
  expect(contentsOf(fn)["index.mjs"]).not.toMatch(/^\/\/ \.\.\//m);
});

test("code is loaded with the variables and globals that Lambda gives it", async () => {
  const { root } = makeProject({
    "app.js": `const { AWS_EXECUTION_ENV, AWS_LAMBDA_FUNCTION_MEMORY_SIZE, OWN } = process.env;
      const seen = [AWS_EXECUTION_ENV, AWS_LAMBDA_FUNCTION_MEMORY_SIZE, OWN, globalThis.loaded].join();
      if (seen !== "AWS_Lambda_nodejs22.x,256,mine,true") throw new Error(seen);
      exports.stream = awslambda.streamifyResponse(async () => {});
      exports.handler = async () => ({ statusCode: 200 });\n`,
    "before.js": "globalThis.loaded = true;\n",
  });
  const environment = { OWN: "mine", NODE_OPTIONS: "--require /var/task/before.js" };

  const fn = await packagedOne(root, {
    ...{ handler: "app.handler", runtime: "nodejs22.x", memory: 256, include: ["before.js"] },
    environment,
  });

  expect(fn.warnings).toEqual([]);
});

test("a client of the SDK that is not installed is left to Lambda, with a warning", async () => {
  const { root } = makeProject({
    "app.mjs": `import { SNSClient } from "@aws-sdk/client-sns";\nexport const client = new SNSClient({});\n${NOTHING}`,
  });

  const { warnings } = await packagedOne(root, { handler: "app.handler" });

  expect(warnings).toEqual([
    'Function "fn" imports @aws-sdk/client-sns, which is not installed here. On AWS it gets the version that Lambda has. Install it to deploy the version that you test.',
    'Function "fn" was not checked: it imports @aws-sdk/client-sns, which only Lambda has.',
  ]);
});

const READS = `import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { tell } from "./lib/tell";
const here = JSON.parse(readFileSync(__dirname + "/data.json", "utf8"));
const there = readFileSync(fileURLToPath(new URL("../texts/hello.txt", import.meta.url)), "utf8");
const task = readFileSync("texts/hello.txt", "utf8");
export const handler = async () => ({ statusCode: 200, body: [here.name, there, task, tell()].join(",") });
`;
const TELLS = `import { readFileSync } from "node:fs";
import { join } from "node:path";
export const tell = () => readFileSync(join(__dirname, "beside.txt"), "utf8");
`;
const BESIDE = {
  "src/data.json": '{"name":"data"}',
  "src/lib/beside.txt": "beside",
  "texts/hello.txt": "hello",
  ".env": "SECRET=1",
};

test("code finds the files that it includes, here and in its zip, from wherever it asks", {
  tags: ["journey"],
}, async () => {
  const { root } = makeProject({ "src/app.ts": READS, "src/lib/tell.ts": TELLS, ...BESIDE });
  const include = ["src/data.json", "src/lib/*.txt", "texts"];
  const fn = await packagedOne(root, { handler: "src/app.handler", include });
  expect(fn.files).toEqual([
    "index.js",
    "index.js.map",
    "src/data.json",
    "src/lib/beside.txt",
    "texts/hello.txt",
  ]);
  expect(fn.warnings).toEqual([]);

  const answer = async (directory: string, handler: string) => {
    const routes = { fn: { function: "fn", routeResponse: true } };
    const gateway = await startGateway(apiWith({ fn: { handler } }, { routes }), {
      root: directory,
      runtime: "child-process",
      waitMs: 30_000,
    });
    onTestFinished(() => gateway.stop());
    const client = await gateway.connect();
    client.send('{"action":"fn"}');
    return client.next();
  };
  expect(await answer(root, "src/app.handler")).toBe("data,hello,hello,beside");
  expect(await answer(join(unzipped([fn]), "fn"), "index.handler")).toBe("data,hello,hello,beside");
});

test("code that asks for its place and includes nothing is warned of", async () => {
  const { root } = makeProject({
    "app.cjs": "const place = __dirname;\nexports.handler = async () => place;\n",
  });

  const { warnings } = await packagedOne(root, { handler: "app.handler" });

  expect(warnings).toEqual([
    `Function "fn" reads the path of its code (${join(root, "app.cjs")}). If it reads files there, add them to include. Otherwise they are missing on AWS.`,
  ]);
});

test("includes native packages, and those in nodeModules, as installed with their dependencies", {
  tags: ["journey"],
}, async () => {
  const { root, write } = makeProject({
    "app.cjs": `const { ClassicLevel } = require("classic-level");
const plain = require("plain");
exports.handler = async () => ({ body: typeof ClassicLevel + plain.name });
`,
    "node_modules/plain/package.json":
      '{"name":"plain","main":"main.js","dependencies":{"below":"1"}}',
    "node_modules/plain/main.js": "exports.name = require('below').name;",
    "node_modules/below/package.json": '{"name":"below"}',
    "node_modules/below/index.js": "exports.name = 'below';",
  });
  write("node_modules/.keep", "");
  const installed = join(createRequire(import.meta.url).resolve("classic-level"), "..");
  symlinkSync(installed, join(root, "node_modules/classic-level"), "dir");

  const fn = await packagedOne(root, { handler: "app.handler", nodeModules: ["plain"] });

  expect(fn.files).toEqual(
    expect.arrayContaining([
      "node_modules/abstract-level/index.js",
      "node_modules/below/index.js",
      "node_modules/classic-level/index.js",
      "node_modules/classic-level/package.json",
      "node_modules/plain/main.js",
    ]),
  );
  expect(fn.files.filter((path) => path.includes("prebuilds/"))).not.toContainEqual(
    expect.stringMatching(/darwin|win32/),
  );
  expect(fn.files.filter((path) => path.endsWith(".node"))).not.toEqual([]);
});

test("reports all errors in all functions at once", async () => {
  const { root } = makeProject({
    "bare.mjs": NOTHING,
    "module.exports.cjs": "",
    "late.cjs": "const out = {}; out['hand' + 'ler'] = 1; module.exports = out;",
    "throws.ts": "\n\nthrow new RangeError('no luck');\nexport const handler = 1;\n",
    "ends.cjs": "exports.handler = 1; process.exit(3);",
    "python/app.py": "",
    "list/bootstrap": "#!/bin/sh\n",
  });

  const failure = packaged(
    root,
    apiWith({
      bare: { handler: "bare.handler", include: ["data/*.json"], nodeModules: ["nowhere"] },
      late: { handler: "late.handler" },
      throws: { handler: "throws.handler" },
      ends: { handler: "ends.handler" },
      py: { handler: "main.handler", runtime: "python3.13", code: "python" },
      list: { handler: "bootstrap", runtime: "provided.al2023", code: "list" },
      none: { handler: "bootstrap", runtime: "provided.al2023", code: "none" },
    }),
  );

  const { code, message } = (await failure.catch((error: unknown) => error)) as WsgwError;
  expect(code).toBe("PACKAGE_INVALID");
  expect(message.split("\n")).toEqual([
    'Function "bare" includes data/*.json, which matches no file. Correct the pattern, which is relative to the definition\'s directory.',
    'Function "bare" has nowhere in nodeModules, which is not installed. Run npm install nowhere.',
    'Function "late" has the handler late.handler, but its bundle has no function there: it exports handler. Export it or correct the handler.',
    'Function "throws" does not load as on AWS: RangeError: no luck at Object.<anonymous> (throws.ts:3:7). wsgw loaded it from its zip, without packages next to it.',
    'Function "ends" does not load as on AWS: its process ended with status 3 while it loaded. wsgw loaded it from its zip, without packages next to it.',
    'Function "py" has the handler main.handler, but python/main.py is not in its zip. Create the file, or correct handler, code or exclude.',
    'Function "list" runs list/bootstrap, which is not executable. Run chmod +x list/bootstrap.',
    'Function "none" has its code in none, which is not a directory. Create it or correct the definition.',
  ]);
});

test("a function that cannot be loaded in its memory is found before it is deployed", {
  tags: ["journey"],
}, async () => {
  const { root } = makeProject({
    "app.mjs": `export const kept = Array.from({ length: 40 }, () => new Array(1_000_000).fill(0));\n${NOTHING}`,
  });

  const small = packagedOne(root, { handler: "app.handler", memory: 128 });

  await expect(small).rejects.toMatchObject({
    code: "PACKAGE_INVALID",
    message:
      'Function "fn" does not load within its memory of 128 MB. Increase memory, or load fewer packages.',
  });
  expect((await packagedOne(root, { handler: "app.handler", memory: 1769 })).warnings).toEqual([]);
});

test("code that asks for the network while it is loaded is deployed unchecked, and does not get there", {
  tags: ["journey"],
}, async () => {
  const { root } = makeProject({
    "app.mjs": `await fetch("http://192.0.2.1/");\n${NOTHING}`,
    "waits.mjs": `await new Promise(() => {});\n${NOTHING}`,
  });

  const { warnings } = await packagedOne(root, { handler: "app.handler" });
  const waiting = packagedOne(root, { handler: "waits.handler" });

  expect(warnings).toEqual([
    'Function "fn" was not checked: it connects to 192.0.2.1 while it loads.',
  ]);
  await expect(waiting).rejects.toThrow("it waits while it is loaded for what never comes");
});

test("code is loaded with its own variables and nothing of this shell", async () => {
  const { root } = makeProject({
    "app.mjs": `const names = Object.keys(process.env).filter((name) => !/^(AWS|LAMBDA)_/.test(name));
if (names.sort().join() !== "LANG,OWN,PATH,TZ,_HANDLER") throw new Error(names);
${NOTHING}`,
  });

  const { warnings } = await packagedOne(root, {
    handler: "app.handler",
    environment: { OWN: "1" },
  });

  expect(warnings).toEqual([]);
});

test("another language's zip is its directory: keeps modes, leaves out hidden, installed or excluded files", async () => {
  const { root, write } = makeProject({
    "list/lib/words.txt": "words",
    "list/.env": "SECRET=1",
    "list/notes/a.md": "",
    "list/keep.md": "",
    "py/app.py": "def handler(event, context): pass\n",
    "py/requirements.txt": "requests==2.32\nboto3\nSix_Package>=1 ; python_version > '3'\n",
    "py/six_package-1.0.dist-info/METADATA": "",
    "py/__pycache__/app.pyc": "",
    "py/.venv/pyvenv.cfg": "",
    "py/env/pyvenv.cfg": "",
    "py/node_modules/x/index.js": "",
  });
  chmodSync(write("list/bootstrap", "#!/bin/sh\n"), 0o700);

  const [list, py] = await packaged(
    root,
    apiWith({
      list: { handler: "x", runtime: "provided.al2023", code: "list", exclude: ["notes", "*.md"] },
      py: { handler: "app.handler", runtime: "python3.13", code: "py" },
    }),
  );

  expect(modesOf(list!)).toEqual({ bootstrap: "100755", "lib/words.txt": "100644" });
  expect(py?.files).toEqual(["app.py", "requirements.txt", "six_package-1.0.dist-info/METADATA"]);
  expect(requirementWarnings([list!, py!])).toEqual([
    'Function "py" lists requests in requirements.txt, but its directory does not contain them, so Lambda cannot find them. Run pip install -r requirements.txt -t on the directory.',
  ]);
});

test("one warning names all functions whose requirements are not installed", async () => {
  const { root } = makeProject({
    "a/app.py": "",
    "a/requirements.txt": "requests\nboto3\n",
    "b/app.py": "",
    "b/requirements.txt": "requests\nnumpy\n",
    "c/app.py": "",
    "c/requirements.txt": "boto3\n",
  });
  const python = { handler: "app.handler", runtime: "python3.13" } as const;

  const functions = await packaged(
    root,
    apiWith({
      a: { ...python, code: "a" },
      b: { ...python, code: "b" },
      c: { ...python, code: "c" },
    }),
  );

  expect(requirementWarnings(functions)).toEqual([
    'Functions "a" and "b" list requests, numpy in requirements.txt, but their directories do not contain them, so Lambda cannot find them. Run pip install -r requirements.txt -t on each directory.',
  ]);
});

test("a generated bootstrap starts a command in the code directory on AWS", async () => {
  const { root, write } = makeProject({ "chat/words.txt": "" });
  chmodSync(write("chat/chat", "#!/bin/sh\n"), 0o755);

  const fn = await packagedOne(root, {
    handler: "chat",
    runtime: "provided.al2023",
    code: "chat",
    command: ["./chat", "it's"],
  });

  expect(modesOf(fn)).toMatchObject({ bootstrap: "100755", chat: "100755" });
  expect(contentsOf(fn).bootstrap).toBe(
    `#!/bin/sh\ncd "$LAMBDA_TASK_ROOT"\nexec './chat' 'it'\\''s'\n`,
  );
});

test("hooks run in order, and change what is zipped", async () => {
  const { root, write } = makeProject({
    "app.ts": `import { made } from "./made";\n${NOTHING}export { made };\n`,
    "drop.txt": "",
  });
  const seen: unknown[] = [];

  const fn = await packagedOne(
    root,
    { handler: "app.handler", include: ["drop.txt"] },
    {
      hooks: {
        beforeBundle: async (about) => {
          seen.push(["before", about.root === root, about.project.name]);
          write("made.ts", "export const made = 'generated';\n");
        },
        afterBundle: ({ functionName, files }) => {
          seen.push(["after", functionName, files]);
          return { "drop.txt": undefined, "more/notice.txt": "hello" };
        },
      },
    },
  );

  expect(seen).toEqual([
    ["before", true, "chat"],
    ["after", "fn", ["drop.txt", "index.js", "index.js.map"]],
  ]);
  expect(fn.files).toEqual(["index.js", "index.js.map", "more/notice.txt"]);
  expect(contentsOf(fn)).toMatchObject({
    "index.js": expect.stringContaining("generated"),
    "more/notice.txt": "hello",
  });
});

test.each([
  [
    "throws",
    () => {
      throw new Error("no");
    },
    'The hook afterBundle for function "fn" failed: Error: no',
  ],
  [
    "leaves the zip",
    () => ({ "../x": "" }),
    'The hook afterBundle for function "fn" returned "../x", which is not a path in a zip. Write it without / at its ends and without "..".',
  ],
])("a hook that %s is the author's mistake", async (_, afterBundle, message) => {
  const { root } = makeProject({ "app.mjs": NOTHING });

  const failure = packagedOne(root, { handler: "app.handler" }, { hooks: { afterBundle } });

  await expect(failure).rejects.toMatchObject({ code: "HOOK_FAILED", message });
});

test("reports a package that is not installed with the line that imports it", async () => {
  const { root } = makeProject({ "app.ts": `import "left-pad-2";\n${NOTHING}` });

  const failure = packagedOne(root, { handler: "app.handler" });

  await expect(failure).rejects.toMatchObject({
    code: "HANDLER_INVALID",
    message: `${join(root, "app.ts")}:1:8: Could not resolve "left-pad-2"`,
    hint: "Run npm install left-pad-2.",
  });
});
