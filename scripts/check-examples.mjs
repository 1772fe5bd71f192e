// Packs the package, installs it with the test runners in an empty directory, and runs the projects of
// examples/ there: their tests, their types, and the output of a failing test.
import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const work = mkdtempSync(join(tmpdir(), "wsgw-examples-"));
const json = (file) => JSON.parse(readFileSync(file, "utf8"));

function main() {
  cpSync(join(root, "examples"), work, {
    recursive: true,
    filter: (name) => !/node_modules|\.wsgw/.test(name),
  });
  const names = readdirSync(work, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  install(names);

  for (const name of names) {
    run("npm", ["test", "--silent"], name);
    console.log(`ok  the tests of examples/${name} pass`);
  }
  for (const name of names.filter((name) => existsSync(join(work, name, "tsconfig.json")))) {
    run("npx", ["tsc", "-p", "."], name);
    console.log(`ok  the types of examples/${name} are right`);
  }
  checkTrace();
}

/** All packages in one directory above the projects, which resolve them there. */
function install(names) {
  const [packed] = JSON.parse(
    execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", work], {
      cwd: root,
      encoding: "utf8",
    }),
  );
  const { devDependencies } = json(join(root, "package.json"));
  const packages = names.flatMap((name) => {
    const { dependencies, devDependencies: runners } = json(join(work, name, "package.json"));
    return Object.entries({ ...dependencies, ...runners })
      .filter(([dependency]) => dependency !== "wsgw")
      .map(([dependency, range]) => `${dependency}@${range}`);
  });
  writeFileSync(join(work, "package.json"), '{ "private": true }');
  run("npm", [
    ...["install", "--no-audit", "--no-fund", "--loglevel=error"],
    join(work, packed.filename),
    ...packages,
    ...["typescript", "@types/node"].map((name) => `${name}@${devDependencies[name]}`),
  ]);
}

function checkTrace() {
  writeFileSync(
    join(work, "vitest", "fails.test.ts"),
    `import { expect, test } from "vitest";
import { startGateway } from "wsgw/testing";
test("fails", async () => {
  const gateway = await startGateway("wsgw.config.ts");
  await gateway.handshake();
  await gateway.stop();
  expect(1).toBe(2);
});
`,
  );
  const { stdout, stderr, status } = spawnSync("npx", ["vitest", "run", "fails.test.ts"], {
    cwd: join(work, "vitest"),
    encoding: "utf8",
  });
  const output = stdout + stderr;
  for (const part of [
    'What the gateway did in "fails":',
    "connect is invoked for $connect of client 1",
    "client 1 is rejected with HTTP 401",
  ]) {
    if (status === 0 || !output.includes(part)) {
      throw new Error(`a failing test should print ${part}, but prints\n${output}`);
    }
  }
  console.log("ok  a failing test prints what its gateway did");
}

function run(command, args, directory = ".") {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: join(work, directory),
    encoding: "utf8",
  });
  if (status === 0) return;
  throw new Error(
    `${command} ${args.join(" ")} in examples/${directory} failed:\n${stdout}\n${stderr}`,
  );
}

try {
  main();
} finally {
  rmSync(work, { recursive: true, force: true });
}
