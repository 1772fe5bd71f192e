// @ts-check
// node scripts/test-on.mjs VERSION [vitest's arguments]: runs the tests and the journeys on another Node, such as 22.
// Its binary comes from the npm package of its platform, into a temporary directory. The judges' tests are
// left out: little of them depends on Node, and they take long.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

const [version, ...rest] = process.argv.slice(2);
if (version === undefined || !/^\d+/.test(version)) {
  fail("Name a version: node scripts/test-on.mjs 22");
}
const directory = mkdtempSync(join(tmpdir(), "wsgw-node-"));
process.on("exit", () => rmSync(directory, { recursive: true, force: true }));

const name = `node-${process.platform}-${process.arch}`;
const npm = run("npm", [
  "install",
  "--silent",
  "--no-save",
  "--prefix",
  directory,
  `${name}@${version}`,
]);
const bin = join(directory, "node_modules", name, "bin");
if (npm !== 0 || !existsSync(bin)) fail(`npm has no ${name}@${version}.`);

const path = `${bin}${delimiter}${process.env.PATH}`;
run("node", ["--version"], { PATH: path });
const vitest = join(dirname(import.meta.dirname), "node_modules", "vitest", "vitest.mjs");
process.exitCode = run(
  "node",
  [vitest, "run", "--project", "wsgw", "--project", "apart", "--project", "journeys", ...rest],
  { PATH: path },
);

/** @param {string} command @param {string[]} args @param {Record<string, string>} more */
function run(command, args, more = {}) {
  const { status } = spawnSync(command, args, {
    stdio: "inherit",
    env: { ...process.env, ...more },
  });
  return status ?? 1;
}

/** @param {string} message @returns {never} */
function fail(message) {
  console.error(message);
  process.exit(1);
}
