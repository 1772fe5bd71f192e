import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { COMMANDS, main } from "../../../cli/main.ts";
import { fakeIo } from "../fake-io.ts";

const DEFINITION = {
  name: "chat",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "v1" },
  functions: {
    join: { handler: "handlers.join" },
    talk: { handler: "handlers.talk" },
    tell: { handler: "handlers.tell" },
  },
  routes: { $connect: { function: "join" }, talk: { function: "talk" }, t: { function: "tell" } },
  tables: {
    rooms: { partitionKey: { name: "room", type: "S" }, environmentVariable: "ROOMS" },
    users: { partitionKey: { name: "id", type: "S" }, environmentVariable: "USERS" },
  },
};

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "wsgw-completion-"));
  await writeFile(join(root, "wsgw.config.json"), JSON.stringify(DEFINITION));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function complete(...words: readonly string[]): Promise<readonly string[]> {
  const io = fakeIo({ cwd: root });
  expect(await main(["--get-yargs-completions", "wsgw", ...words], io)).toBe(0);
  expect(io.err()).toBe("");
  return io.out().split("\n").slice(0, -1);
}

test.each([
  ["every command", [""], COMMANDS.map(({ name }) => name)],
  ["commands by their beginning", ["de"], ["describe", "deploy", "dev", "destroy"]],
  ["nothing for a command that there is not", ["nope", ""], []],
  ["options by their beginning", ["dev", "--en"], ["--env-file", "--env-vars", "--environments"]],
  ["functions of invoke", ["invoke", ""], ["join", "talk", "tell"]],
  ["functions by their beginning", ["invoke", "t"], ["talk", "tell"]],
  ["functions of logs", ["logs", "jo"], ["join"]],
  ["functions behind a switch", ["logs", "--follow", "ta"], ["talk"]],
  ["functions behind an option's value", ["logs", "--since", "2h", "j"], ["join"]],
  ["nothing for the value of an option", ["invoke", "--event", ""], []],
  ["one function only", ["invoke", "talk", ""], []],
  ["what table does", ["table", "ex"], ["export"]],
  ["tables", ["table", "show", ""], ["rooms", "users"]],
  ["tables by their beginning", ["table", "import", "r"], ["rooms"]],
  ["no table where all are meant", ["table", "list", ""], []],
  ["kinds of events", ["event", "m"], ["message"]],
  ["shells", ["completion", ""], ["bash", "fish", "zsh"]],
])("completes %s", async (_, words, expected) => {
  expect([...(await complete(...words))].sort()).toEqual([...expected].sort());
});

test("every option of every command is offered", async () => {
  for (const { name } of COMMANDS) {
    const io = fakeIo();
    await main([name, "--help"], io);
    const told = [...io.out().matchAll(/^ +(?:-\w, )? *(--[a-z-]+) /gm)].map(([, flag]) => flag);

    expect(await complete(name, "--")).toEqual(expect.arrayContaining(told));
  }
});

test("names come from the definition that --config gives", async () => {
  await writeFile(
    join(root, "other.json"),
    JSON.stringify({
      ...DEFINITION,
      functions: { only: { handler: "a.b" } },
      routes: { only: { function: "only" } },
    }),
  );

  expect(await complete("invoke", "--config", "other.json", "")).toEqual(["only"]);
});

test("a definition that cannot be read offers nothing, and says nothing", async () => {
  expect(await complete("invoke", "--config", "gone.json", "")).toEqual([]);
});

test.each([
  [["bash"], {}, "bash"],
  [["zsh"], {}, "zsh"],
  [[], { SHELL: "/usr/bin/zsh" }, "zsh"],
  [["fish"], {}, "fish"],
  [[], { SHELL: "/bin/fish" }, "fish"],
  [[], { SHELL: "/bin/tcsh" }, "bash"],
])("completion %j in %j prints the script for %s", async (argv, env, shell) => {
  const io = fakeIo({ env });

  expect(await main(["completion", ...argv], io)).toBe(0);
  expect(io.out()).toContain(`# wsgw: completion for ${shell}`);
  expect(io.out()).toContain("--get-yargs-completions");
});

test.skipIf(process.platform === "win32")(
  "bash fills in what wsgw answers to the words before the cursor",
  async () => {
    const io = fakeIo();
    await main(["completion", "bash"], io);
    await writeFile(join(root, "wsgw"), '#!/bin/sh\nprintf "%s\\n" "$SHELL" "$@"\n');
    await chmod(join(root, "wsgw"), 0o755);
    const tab =
      'COMP_WORDS=(wsgw table show ro more); COMP_CWORD=3; _wsgw_completion; printf "<%s>" "${COMPREPLY[@]}"';

    const { stdout } = await promisify(execFile)("bash", ["-c", `${io.out()}\n${tab}`], {
      env: { PATH: `${root}:${process.env.PATH}` },
    });

    expect(stdout).toBe("<bash><--get-yargs-completions><wsgw><table><show><ro>");
  },
);
