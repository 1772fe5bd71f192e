// Runs the pages word for word with the packed package, each in an empty directory; CONTRIBUTING.md has the
// rules for writers. The package is not on the registry before its release: its tarball is installed in a
// directory above the empty ones, where npx finds the command without asking.
//
//   node scripts/check-docs.mjs [PAGE ...]
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { run } from "./docs/commands.mjs";
import { RUNTIME } from "./docs/definition.mjs";
import { startMoto } from "./docs/moto.mjs";
import { blocksOf, PAGES } from "./docs/page.mjs";
import { createReader } from "./docs/reader.mjs";
import { endTogether } from "./docs/signals.mjs";
import { TSC } from "./tsc.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const AT_ONCE = 2;

const work = mkdtempSync(join(tmpdir(), "wsgw-docs-"));
endTogether(() => rmSync(work, { recursive: true, force: true }));
let moto;

async function main() {
  mkdirSync(join(work, "bin"));
  // A mocked Java that uses the Runtime API, because CI does not have Java.
  writeFileSync(join(work, "bin/java"), RUNTIME, { mode: 0o755 });
  const env = readersEnvironment();
  process.env.PATH = env.PATH;
  await installPackage(env);
  const world = { root, env, typed: [], wsgw: await importPackage(), aws };
  const given = process.argv.slice(2);
  const left = given.length > 0 ? given : PAGES.filter((page) => blocksIn(page).length > 0);
  const faults = [];
  const readOn = async () => {
    for (let page = left.shift(); page !== undefined; page = left.shift()) {
      faults.push(...(await readPage(page, world)));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, readOn));
  faults.push(...(await checkTypes(world.typed)));
  for (const fault of faults) console.error(`\n✗ ${fault}`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}

const blocksIn = (page) => blocksOf(readFileSync(join(root, page), "utf8"));

/** The first error on a page, because later blocks build on earlier ones. */
async function readPage(page, world) {
  const home = join(work, page.replaceAll(/\W/g, "-"));
  const reader = await createReader(page, home, world);
  const start = Date.now();
  try {
    for (const block of blocksIn(page)) {
      try {
        await reader.follow(block);
      } catch (error) {
        return [`${page}:${block.line} (${block.kind ?? block.language}): ${error.message}`];
      }
    }
    console.log(`ok  ${page}  ${((Date.now() - start) / 1000).toFixed(1)} s`);
    return [];
  } finally {
    await reader.stop();
  }
}

/** As for a reader at a terminal, but without colours and npm's messages about this machine's settings. */
function readersEnvironment() {
  const ours = /^(AWS_|WSGW_|CI$|FORCE_COLOR$|NODE_OPTIONS$|VSCODE_|VITEST|npm_)/;
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name))),
    ...{ NO_COLOR: "1", SHELL: "/bin/bash", npm_config_loglevel: "error" },
    npm_config_cache: process.env.npm_config_cache ?? join(homedir(), ".npm"),
    npm_config_userconfig: process.env.npm_config_userconfig ?? join(homedir(), ".npmrc"),
    ...{ GIT_AUTHOR_NAME: "Ann", GIT_AUTHOR_EMAIL: "ann@example.com" },
    ...{ GIT_COMMITTER_NAME: "Ann", GIT_COMMITTER_EMAIL: "ann@example.com" },
    PATH: [join(work, "bin"), join(work, "node_modules/.bin"), process.env.PATH].join(delimiter),
  };
}

async function installPackage(env) {
  writeFileSync(join(work, "package.json"), '{ "private": true }');
  await command(`npm pack --ignore-scripts --pack-destination ${work}`, root, env);
  const tarball = join(
    work,
    readdirSync(work).find((name) => name.endsWith(".tgz")),
  );
  await command(`npm install --no-audit --no-fund ${tarball}`, work, env);
}

async function command(line, cwd, env) {
  const { status, output } = await run(line, { cwd, env });
  if (status !== 0) throw new Error(`${line}:\n${output}`);
}

async function importPackage() {
  const dist = pathToFileURL(join(work, "node_modules/wsgw/dist/"));
  const [{ readProject }, { startGateway }] = await Promise.all([
    import(new URL("app.js", dist)),
    import(new URL("testing.js", dist)),
  ]);
  return { readProject, startGateway };
}

async function aws() {
  moto ??= startMoto();
  return (await moto).url;
}

async function checkTypes(files) {
  if (files.length === 0) return [];
  const compilerOptions = {
    ...{ module: "nodenext", target: "es2023", strict: true, noEmit: true, skipLibCheck: true },
    ...{ types: ["node"], typeRoots: [join(root, "node_modules/@types")] },
  };
  writeFileSync(join(work, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
  const command = `"${process.execPath}" "${TSC}" -p .`;
  const { status, output } = await run(command, { cwd: work, env: process.env });
  return status === 0 ? [] : [`The types of definitions:\n${output}`];
}

try {
  await main();
} finally {
  await (await moto)?.stop();
  rmSync(work, { recursive: true, force: true });
}
