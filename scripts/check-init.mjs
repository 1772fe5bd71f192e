// Packs the package and creates new projects with it in an empty directory, as `npx wsgw init` does from the
// registry. Each is installed, started, used, tested and prepared for AWS with the commands of its README.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const work = mkdtempSync(join(tmpdir(), "wsgw-init-"));

async function main() {
  const [{ filename }] = JSON.parse(
    run(root, "npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", work]),
  );
  for (const language of ["typescript", "javascript"]) {
    await checkProject(language, join(work, filename));
  }
}

async function checkProject(language, tarball) {
  const empty = join(work, language);
  mkdirSync(empty);
  run(empty, "npx", [
    ...["--yes", "--package", tarball, "wsgw"],
    ...["init", "chat", "--language", language],
  ]);
  const project = join(empty, "chat");
  const ok = (what) => console.log(`ok  ${language}: ${what}`);
  ok("npx wsgw init writes a project and installs its packages");

  await checkStart(project);
  ok("npm start serves it, and npx wsgw send hears its own message");
  expect(run(project, "npm", ["test"]), /Tests +1 passed/);
  ok("npm test passes");
  expect(run(project, "npm", ["run", "deploy", "--", "--noop"]), /Nothing was sent/);
  ok("npm run deploy -- --noop writes what would go to AWS");
  if (language === "javascript") return;
  run(project, "npm", ["run", "check"]);
  ok("npm run check finds its types right");
}

async function checkStart(project) {
  // In its own process group, so that it is stopped as by Ctrl-C in a terminal.
  const start = spawn("npm", ["start", "--silent", "--", "--port", "0", "--json"], {
    cwd: project,
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(start, "exit");
  try {
    const [line] = await Promise.race([
      once(createInterface({ input: start.stdout }), "line"),
      exited.then(([status]) => {
        throw new Error(`npm start ended with ${status}`);
      }),
    ]);
    expect(line, /^\{"type":"ready"/);
    const message = '{"message":"sendmessage", "data":"hello world !"}';
    expect(run(project, "npx", ["wsgw", "send", "-x", message]), /^"hello world !"$/m);
  } finally {
    if (start.exitCode === null) process.kill(-start.pid, "SIGINT");
    await exited;
  }
}

function run(cwd, command, args) {
  return execFileSync(command, args, {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NO_COLOR: "1" },
  });
}

function expect(text, pattern) {
  if (!pattern.test(text)) throw new Error(`expected ${pattern} in\n${text}`);
}

try {
  await main();
} finally {
  rmSync(work, { recursive: true, force: true });
}
