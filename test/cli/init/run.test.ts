import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { main } from "../../../cli/main.ts";
import { buildTemplate } from "../../../scripts/build-template.mjs";
import { isProjectName, type ProjectPlan, projectNameOf, writeProject } from "../../../src/app.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { buildCli } from "../build.ts";
import { fakeIo } from "../fake-io.ts";
import { hasTerminals, KEYS, startTerminal } from "../terminal.ts";

beforeAll(() => buildTemplate());

/** Runs `wsgw init` without a terminal; npm is only noted. */
async function init(cwd: string, ...argv: string[]) {
  const installed: string[] = [];
  const plans: ProjectPlan[] = [];
  const io = fakeIo({
    cwd,
    app: {
      isProjectName,
      projectNameOf,
      writeProject: (plan) => {
        plans.push(plan);
        return writeProject(plan);
      },
      installPackages: async (root) => void installed.push(root),
    },
  });
  const code = await main(["init", ...argv], io);
  return { code, out: io.out(), err: io.err(), installed, plans };
}

test("without a terminal nothing is asked: TypeScript, and the name of the folder", async () => {
  const cwd = temporaryFolder();

  const { code, out, installed, plans } = await init(cwd, "My Chat");

  expect(code).toBe(0);
  expect(plans).toEqual([
    { cwd, folder: "My Chat", name: "my-chat", language: "typescript", overwrite: false },
  ]);
  expect(installed).toEqual([join(cwd, "My Chat")]);
  expect(out).toContain("✓ Wrote my-chat, in TypeScript, to My Chat:\n    .gitignore\n");
  expect(out).toContain("✓ Installed the packages in ");
  expect(out.slice(out.indexOf("Next:"))).toBe(`Next:

  cd "My Chat"
  npm start                 serves the chat on this machine
  npx wsgw send             talks to it, in a second terminal
  npm test                  runs its tests
  npm run deploy -- --noop  shows what would go to AWS
  npm run deploy            puts it on AWS
`);
});

test("options say all of it; without npm install it is one of the next steps", async () => {
  const cwd = temporaryFolder();
  const options = ["--language", "javascript", "--name", "talk", "--wsgw", "./wsgw.tgz"];

  const { out, installed, plans } = await init(cwd, ...options, "--no-install");

  expect(plans).toEqual([
    { cwd, name: "talk", language: "javascript", wsgw: "./wsgw.tgz", overwrite: false },
  ]);
  expect(installed).toEqual([]);
  expect(out).toContain("✓ Wrote talk, in JavaScript, to this folder:");
  expect(out).toContain("Next:\n\n  npm install\n  npm start ");
});

test.each(["js", "JavaScript"])("takes --language %s for JavaScript", async (language) => {
  const { plans } = await init(temporaryFolder(), "--language", language, "--no-install");

  expect(plans).toMatchObject([{ language: "javascript" }]);
});

test("a second time it stops, before npm, and tells of --force, which says what it overwrote", async () => {
  const cwd = temporaryFolder();
  await init(cwd, "--no-install");
  await rm(join(cwd, "README.md"));

  const again = await init(cwd);
  expect(again).toMatchObject({ code: 1, out: "", installed: [] });
  expect(again.err).toContain("has files that would be overwritten:\n    .gitignore\n");
  expect(again.err).not.toContain("README.md");
  expect(again.err).toContain("--force");

  const forced = await init(cwd, "--force", "--no-install");
  expect(forced.code).toBe(0);
  expect(forced.out).toContain("    README.md\n    package.json  overwritten\n");
});

test.each([
  [["--language", "rust"], '--language must be typescript or javascript; it is "rust".'],
  [["a", "b"], '"b" is one word too many.'],
  [["--name", "My Chat"], 'A project cannot be called "My Chat".'],
])("%j is a mistake that writes nothing", async (argv, message) => {
  const cwd = temporaryFolder();

  const { code, err } = await init(cwd, ...argv);

  expect(code).toBe(1);
  expect(err).toContain(message);
  expect(await readdir(cwd)).toEqual([]);
});

describe.runIf(hasTerminals())("on a terminal", () => {
  let cli: string;
  beforeAll(async () => {
    cli = await buildCli();
  }, 60_000);

  async function start(...argv: string[]) {
    const cwd = temporaryFolder();
    const command = [process.execPath, cli, "init", "--no-install", ...argv];
    return { cwd, terminal: await startTerminal(command, { cwd }) };
  }

  test("it asks for the name and the language, again when the answer will not do", async () => {
    const { cwd, terminal } = await start("chat");

    await terminal.shows(/Name of the project: \[chat\]/);
    terminal.type(`My Chat${KEYS.enter}`);
    await terminal.shows(/! Small letters[\s\S]*Name of the project: \[chat\]/);
    terminal.type(`talk${KEYS.enter}`);
    await terminal.shows(/typescript or javascript\? \[typescript\]/);
    terminal.type(`constructor${KEYS.enter}`);
    await terminal.shows(/! Type typescript or javascript[\s\S]*typescript or javascript\?/);
    terminal.type(`js${KEYS.enter}`);

    expect(await terminal.exited).toBe(0);
    const manifest = await readFile(join(cwd, "chat", "package.json"), "utf8");
    expect(JSON.parse(manifest).name).toBe("talk");
    expect(await readdir(join(cwd, "chat"))).toContain("wsgw.config.js");
  });

  test("it asks only for what was not said; Enter takes what is suggested", async () => {
    const { cwd, terminal } = await start("--name", "talk");

    await terminal.shows(/typescript or javascript\?/);
    expect(terminal.screen()).not.toContain("Name of the project");
    terminal.type(KEYS.enter);

    expect(await terminal.exited).toBe(0);
    expect(await readdir(cwd)).toContain("wsgw.config.ts");
  });

  test("--yes asks nothing", async () => {
    const { cwd, terminal } = await start("chat", "--yes");

    expect(await terminal.exited).toBe(0);
    expect(terminal.screen()).toContain("Wrote chat, in TypeScript, to chat:");
    expect(await readdir(join(cwd, "chat"))).toContain("wsgw.config.ts");
  });

  test.each([
    ["Ctrl-C", KEYS.ctrlC],
    ["Ctrl-D", KEYS.ctrlD],
  ])("%s at a question writes nothing", async (_, key) => {
    const { cwd, terminal } = await start();

    await terminal.shows(/Name of the project:/);
    terminal.type(key);

    expect(await terminal.exited).toBe(130);
    expect(terminal.screen()).toContain("Nothing was written.");
    expect(await readdir(cwd)).toEqual([]);
  });
});
