import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { main } from "../../../cli/main.ts";
import { buildTemplate } from "../../../scripts/build-template.mjs";
import { isProjectName, type ProjectPlan, projectNameOf, writeProject } from "../../../src/app.ts";
import { temporaryDirectory } from "../../temporary-directory.ts";
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

test("without a terminal asks nothing, and uses TypeScript and the name of the directory", async () => {
  const cwd = temporaryDirectory();

  const { code, out, installed, plans } = await init(cwd, "My Chat");

  expect(code).toBe(0);
  expect(plans).toEqual([
    {
      cwd,
      directory: "My Chat",
      name: "my-chat",
      language: "typescript",
      overwrite: false,
      configOnly: false,
    },
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
  npm run deploy            deploys it to AWS
`);
});

test("options say all of it; without npm install it is one of the next steps", async () => {
  const cwd = temporaryDirectory();
  const options = ["--language", "javascript", "--name", "talk"];

  const { out, installed, plans } = await init(cwd, ...options, "--no-install");

  expect(plans).toEqual([
    {
      cwd,
      name: "talk",
      language: "javascript",
      overwrite: false,
      configOnly: false,
    },
  ]);
  expect(installed).toEqual([]);
  expect(out).toContain("✓ Wrote talk, in JavaScript, to this directory:");
  expect(out).toContain("Next:\n\n  npm install\n  npm start ");
});

test.each(["js", "JavaScript"])("takes --language %s for JavaScript", async (language) => {
  const { plans } = await init(temporaryDirectory(), "--language", language, "--no-install");

  expect(plans).toMatchObject([{ language: "javascript" }]);
});

test("a second time it stops, before npm; --force says what it overwrote", async () => {
  const cwd = temporaryDirectory();
  await init(cwd, "--no-install");
  await rm(join(cwd, "README.md"));

  const again = await init(cwd);
  expect(again).toMatchObject({ code: 1, out: "", installed: [] });
  expect(again.err).toContain("wsgw.config.ts is already a definition");
  expect(again.err).not.toContain("--force");

  const forced = await init(cwd, "--force", "--no-install");
  expect(forced.code).toBe(0);
  expect(forced.out).toContain("    README.md\n    package.json  overwritten\n");
});

test("in a directory with files reports which were extended and which were kept", async () => {
  const cwd = temporaryDirectory();
  await writeFile(join(cwd, "README.md"), "# mine");
  await writeFile(join(cwd, "package.json"), '{ "name": "mine", "scripts": { "start": "mine" } }');

  const { code, out } = await init(cwd, "--no-install", "--name", "talk");

  expect(code).toBe(0);
  expect(out).toContain("    package.json  scripts and packages added\n");
  expect(out).toContain("  Unchanged:\n    README.md\n");
  expect(out).toContain("  npx wsgw dev              serves the chat on this machine\n");
  expect(out).toContain("  npm test                  runs its tests\n");
  expect(await readFile(join(cwd, "README.md"), "utf8")).toBe("# mine");
});

test("a configuration of Vitest stays the only one, and the matchers are a line to add to it", async () => {
  const cwd = temporaryDirectory();
  await writeFile(join(cwd, "vite.config.js"), "export default {};");

  const { code, out } = await init(cwd, "--no-install", "--name", "talk");

  expect(code).toBe(0);
  expect(out).toContain(
    '  Unchanged:\n    vite.config.js  add "wsgw/testing/vitest" to its setupFiles\n',
  );
  expect(await readdir(cwd)).not.toContain("vitest.config.mts");
});

test("--config-only writes the config file alone, and installs nothing", async () => {
  const cwd = temporaryDirectory();

  const { code, out, installed } = await init(cwd, "--config-only", "--name", "talk");

  expect([code, installed]).toEqual([0, []]);
  expect(await readdir(cwd)).toEqual(["wsgw.config.ts"]);
  expect(out).toBe(`✓ Wrote a definition to this directory:
    wsgw.config.ts

Next:

  edit the config file      set the handlers of your functions, and your routes
  npx wsgw dev              serves the API on this machine
`);
});

test.each([
  [
    "serverless.yml",
    "service: a\nfunctions: { a: { handler: a.b, events: [websocket: $connect] } }\n",
  ],
  [
    "template.yaml",
    "Resources: { Api: { Type: AWS::ApiGatewayV2::Api, Properties: { ProtocolType: WEBSOCKET } } }\n",
  ],
])("leaves a project that wsgw reads as it is: %s", async (file, text) => {
  const cwd = temporaryDirectory();
  await writeFile(join(cwd, file), text);

  for (const argv of [[], ["--config-only"]]) {
    const { code, err } = await init(cwd, ...argv);

    expect(code).toBe(1);
    expect(err).toContain(`${file} already defines a WebSocket API.`);
    expect(err).toContain("Run wsgw dev, which serves it unchanged.");
    expect(err).toContain(`wsgw init --from ${file}`);
  }
  expect(await readdir(cwd)).toEqual([file]);
});

test.each([
  [["--language", "rust"], '--language must be typescript or javascript, not "rust".'],
  [["a", "b"], '"b" is an unexpected argument.'],
  [["--name", "My Chat"], '"My Chat" is not a valid name for a project.'],
])("%j is a mistake that writes nothing", async (argv, message) => {
  const cwd = temporaryDirectory();

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
    const cwd = temporaryDirectory();
    const command = [process.execPath, cli, "init", "--no-install", ...argv];
    return { cwd, terminal: await startTerminal(command, { cwd }) };
  }

  test("it asks for the name and the language, again when the answer will not do", async () => {
    const { cwd, terminal } = await start("chat");

    await terminal.shows(/Name of the project: \[chat\]/);
    terminal.type(`My Chat${KEYS.enter}`);
    await terminal.shows(/! Lowercase letters[\s\S]*Name of the project: \[chat\]/);
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

  test("it asks only for what was not said; Enter takes what is suggested", {
    tags: ["journey"],
  }, async () => {
    const { cwd, terminal } = await start("--name", "talk");

    await terminal.shows(/typescript or javascript\?/);
    expect(terminal.screen()).not.toContain("Name of the project");
    terminal.type(KEYS.enter);

    expect(await terminal.exited).toBe(0);
    expect(await readdir(cwd)).toContain("wsgw.config.ts");
  });

  test("--yes asks nothing", { tags: ["journey"] }, async () => {
    const { cwd, terminal } = await start("chat", "--yes");

    expect(await terminal.exited).toBe(0);
    expect(terminal.screen()).toContain("Wrote chat, in TypeScript, to chat:");
    expect(await readdir(join(cwd, "chat"))).toContain("wsgw.config.ts");
  });

  test.each([
    ["Ctrl-C", KEYS.ctrlC],
    ["Ctrl-D", KEYS.ctrlD],
  ])("%s at a question writes nothing", { tags: ["journey"] }, async (_, key) => {
    const { cwd, terminal } = await start();

    await terminal.shows(/Name of the project:/);
    terminal.type(key);

    expect(await terminal.exited).toBe(130);
    expect(terminal.screen()).toContain("Nothing was written.");
    expect(await readdir(cwd)).toEqual([]);
  });
});
