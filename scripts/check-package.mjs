// Packs the package, installs it into an empty project and uses it there as users would: from JavaScript (ESM
// and CommonJS), from TypeScript (both), and from the command line.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const work = mkdtempSync(join(tmpdir(), "wsgw-package-"));
const project = join(work, "project");
/** Of the tarball. It contains dynalite and LevelDB's JavaScript, which users would install otherwise. */
const LIMIT_BYTES = 1.7 * 1024 * 1024;
/**
 * Many projects have the last TypeScript 5 with the old module resolution, which ignores the package's
 * exports.
 */
const OLD_TYPESCRIPT = "typescript5@npm:typescript@5.9.3";

const run = (command, args, options = {}) =>
  execFileSync(command, args, {
    cwd: project,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    ...options,
  });
const write = (name, text) => {
  mkdirSync(dirname(join(project, name)), { recursive: true });
  writeFileSync(join(project, name), text);
};
const expect = (what, actual, expected) => {
  if (actual !== expected)
    throw new Error(`${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
  console.log(`ok  ${what}`);
};

async function main() {
  mkdirSync(project);
  const [packed] = JSON.parse(
    run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", work], { cwd: root }),
  );
  const tarball = join(work, packed.filename);
  console.log(
    `${packed.filename}: ${packed.files.length} files, ${(statSync(tarball).size / 1024).toFixed(0)} KB`,
  );
  if (statSync(tarball).size > LIMIT_BYTES)
    throw new Error(`the package is larger than ${LIMIT_BYTES} bytes`);
  const stray = packed.files.filter(
    ({ path }) =>
      /(^|\/)(test|test-[^/]+|fixtures|bench|node_modules)\//.test(path) &&
      !path.startsWith("dist/template/") &&
      path !== "bench/README.md",
  );
  expect("files in the package that do not belong there", stray.length, 0);
  expect("links of its pages to files that it lacks", deadLinks(packed.files).join(), "");

  write("package.json", JSON.stringify({ name: "consumer", private: true, type: "module" }));
  const devDependencies = JSON.parse(
    readFileSync(join(root, "package.json"), "utf8"),
  ).devDependencies;
  const typescript = `typescript@${devDependencies.typescript}`;
  const nodeTypes = `@types/node@${devDependencies["@types/node"]}`;
  run("npm", [
    "install",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
    tarball,
    typescript,
    OLD_TYPESCRIPT,
    nodeTypes,
  ]);

  writeChat();
  checkJavaScript();
  checkTypeScript();
  await checkCommandLine();
}

/** Relative links of the pages in the package to files that it lacks. */
function deadLinks(files) {
  const paths = files.map(({ path }) => path);
  const pages = paths.filter((path) => path.endsWith(".md"));
  return pages.flatMap((page) => {
    const text = readFileSync(join(root, page), "utf8").replaceAll(
      /^```[\s\S]*?^```|`[^`\n]*`/gm,
      "",
    );
    const links = [
      ...text.matchAll(/\]\((?![a-z]+:)([^)#\s]+)/g),
      ...text.matchAll(/^\[[^\]]+\]: (?![a-z]+:)(\S+)/gm),
    ];
    return links
      .map(([, link]) => posix.join(posix.dirname(page), link))
      .filter((target) => !paths.some((path) => path === target || path.startsWith(`${target}/`)))
      .map((target) => `${page}: ${target}`);
  });
}

/** A chat of the consumer's own, in plain JavaScript without its own SDK. */
function writeChat() {
  write(
    "wsgw.config.ts",
    `import { defineApi } from "wsgw";
export default defineApi({
  name: "consumer",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "dev" },
  functions: { echo: { handler: "echo.handler" }, typed: { handler: "typed.handler" } },
  routes: { echo: { function: "echo" }, typed: { function: "typed", routeResponse: true } },
});
`,
  );
  write(
    "echo.js",
    `import { ApiGatewayManagementApiClient, PostToConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";
export async function handler({ requestContext: { domainName, stage, connectionId }, body }) {
  const api = new ApiGatewayManagementApiClient({ endpoint: \`https://\${domainName}/\${stage}\` });
  await api.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: body }));
  return { statusCode: 200 };
}
`,
  );
  write(
    "typed.ts",
    `export const handler = async (event: { body: string }): Promise<{ statusCode: number; body: string }> => ({
  statusCode: 200,
  body: \`typed \${event.body.length}\`,
});
`,
  );
}

const USE_TESTING = `
const gateway = await startGateway({
  name: "inline",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "dev" },
  functions: { echo: { handler: "echo.handler" } },
  routes: { $default: { function: "echo" } },
}, { root: process.cwd() });
const client = await gateway.connect();
client.send("hello");
console.log(await client.next());
await gateway.stop();
`;

function checkJavaScript() {
  write(
    "use.mjs",
    `import { startGateway } from "wsgw/testing";\nimport { defineApi } from "wsgw";\nif (typeof defineApi !== "function") throw new Error("no defineApi");${USE_TESTING}`,
  );
  expect("an ESM consumer uses wsgw/testing", run("node", ["use.mjs"]).trim(), "hello");

  write(
    "use.cjs",
    `const { startGateway } = require("wsgw/testing");\nconst { defineApi, WsgwError } = require("wsgw");\nif (typeof defineApi !== "function") throw new Error("no defineApi");\nif (require("wsgw/testing").WsgwError !== WsgwError) throw new Error("two WsgwErrors");\n(async () => {${USE_TESTING}})();`,
  );
  expect("a CommonJS consumer uses wsgw/testing", run("node", ["use.cjs"]).trim(), "hello");
}

function checkTypeScript() {
  const body = `const definition: ApiDefinition = { name: "t", routeSelectionExpression: "$request.body.a", stage: { name: "dev" }, functions: {}, routes: {} };
export const events: WebSocketEvent[] = [];
export async function use(): Promise<string> {
  const gateway = await startGateway(definition);
  const client = await gateway.connect();
  const text: string = await client.next();
  await gateway.stop();
  return text;
}
// @ts-expect-error a route needs a function
export const wrong = defineApi({ ...definition, routes: { join: {} } });
export const misspelt = defineApi({
  ...definition,
  functions: { send: { handler: "a.send" } },
  // @ts-expect-error there is no such function
  routes: { send: { function: "sendd" } },
});
`;
  const imports = `import { type ApiDefinition, defineApi, type WebSocketEvent } from "wsgw";\nimport { startGateway } from "wsgw/testing";\n`;
  write("types-esm.mts", imports + body);
  write("types-cjs.cts", imports + body);
  write("types-old.ts", imports + body);
  const esmAndCommonJs = ["types-esm.mts", "types-cjs.cts"];
  for (const [compiler, files, options] of [
    ["typescript", esmAndCommonJs, { module: "NodeNext" }],
    ["typescript", esmAndCommonJs, { module: "Node16" }],
    ["typescript5", esmAndCommonJs, { module: "Node16" }],
    ["typescript5", ["types-old.ts"], { module: "CommonJS" }],
    ["typescript5", ["types-old.ts"], { module: "ESNext", moduleResolution: "Node10" }],
    ["typescript5", ["types-old.ts"], { module: "ESNext", moduleResolution: "Bundler" }],
  ]) {
    const compilerOptions = {
      ...options,
      target: "ES2022",
      strict: true,
      noEmit: true,
      types: ["node"],
      skipLibCheck: false,
      lib: ["ES2023", "ESNext.Disposable"],
    };
    write("tsconfig.json", JSON.stringify({ compilerOptions, files }));
    const tsc = join(project, "node_modules", compiler, "bin", "tsc");
    run("node", [tsc, "-p", "."], { stdio: "inherit" });
    console.log(`ok  types resolve for ${compiler} with ${JSON.stringify(options)}`);
  }
}

async function checkCommandLine() {
  const bin = join(project, "node_modules", ".bin", "wsgw");
  const version = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version;
  expect("wsgw --version", run(bin, ["--version"]).trim(), version);

  const dev = spawn(bin, ["dev", "--port", "0", "--json"], {
    cwd: project,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(dev, "exit");
  try {
    const [line] = await once(createInterface({ input: dev.stdout }), "line");
    const ready = JSON.parse(line);
    expect("the first line of wsgw dev --json", ready.type, "ready");
    const message = '{"action":"echo","n":1}';
    expect(
      "wsgw send finds the gateway, and the handler finds the SDK",
      run(bin, ["send", "-x", message]).trim(),
      message,
    );
    expect(
      "a TypeScript handler answers",
      run(bin, ["send", "-x", '{"action":"typed"}']).trim(),
      "typed 18",
    );
  } finally {
    dev.kill("SIGTERM");
  }
  const [code] = await exited;
  expect("wsgw dev ends with status 0 on SIGTERM", code, 0);
}

try {
  await main();
} finally {
  rmSync(work, { recursive: true, force: true });
}
