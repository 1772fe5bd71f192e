import { spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildCli } from "../build.ts";
import { hasTerminals, KEYS, startTerminal, type Terminal } from "../terminal.ts";

const DEFINITION = {
  name: "chat",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "v1" },
  functions: { talk: { handler: "handlers.talk" }, tell: { handler: "handlers.tell" } },
  routes: { talk: { function: "talk" }, tell: { function: "tell" } },
  tables: { rooms: { partitionKey: { name: "room", type: "S" }, environmentVariable: "ROOMS" } },
};

let cli: string;
let root: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  cli = await buildCli();
  root = await mkdtemp(join(tmpdir(), "wsgw-shells-"));
  const bin = join(root, "bin");
  await mkdir(bin);
  await writeFile(join(root, "wsgw.config.json"), JSON.stringify(DEFINITION));
  await writeFile(join(root, "event.json"), "{}");
  await writeFile(join(bin, "wsgw"), `#!/bin/sh\nexec "${process.execPath}" "${cli}" "$@"\n`);
  await chmod(join(bin, "wsgw"), 0o755);
  env = { PATH: `${bin}${delimiter}${process.env.PATH}`, TERM: "xterm", LC_ALL: "C.UTF-8" };
}, 60_000);
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

/** Whether a shell is there. Continuous integration has to have each. */
function has(shell: string): boolean {
  const found = spawnSync(shell, ["-c", "true"]).status === 0;
  if (!found && process.env.CI === "true")
    throw new Error(`CI must complete in ${shell}: install it.`);
  return found;
}

/** What is typed before Tab, and how the line goes on; each is completed to one word. */
const LINES: readonly (readonly [typed: string, completed: string])[] = [
  ["wsgw desc", "wsgw describe"],
  ["wsgw send --recon", "wsgw send --reconnect"],
  ["wsgw invoke ta", "wsgw invoke talk"],
  ["wsgw logs --follow te", "wsgw logs --follow tell"],
  ["wsgw table show r", "wsgw table show rooms"],
  ["wsgw invoke talk --event ev", "wsgw invoke talk --event event.json"],
];

const ZSH = "unsetopt prompt_sp; unset zle_bracketed_paste; autoload -U compinit";

/** What the file says that the shell reads at its start, as a reader of docs/completion.md writes it. */
const SHELLS = [
  ["bash", "bash", 'eval "$(wsgw completion bash)"'],
  ["zsh", "zsh, by eval", `${ZSH}; compinit -u -D; eval "$(wsgw completion zsh)"`],
  [
    "zsh",
    "zsh, by a file in its fpath",
    `wsgw completion zsh > $HOME/_wsgw; fpath=($HOME $fpath); ${ZSH}; compinit -u -D`,
  ],
] as const;

describe.each(SHELLS)("%s", (shell, name, setUp) => {
  test.skipIf(!hasTerminals() || !has(shell))(
    `Tab completes commands, options, names and files in ${name}`,
    { timeout: 60_000 },
    async () => {
      const home = await mkdtemp(join(root, "home-"));
      const rc = join(home, shell === "bash" ? "bashrc" : ".zshrc");
      await writeFile(rc, `PS1='$ '\n${setUp.replaceAll("; ", "\n")}\n`);
      const command = shell === "bash" ? ["bash", "--noprofile", "--rcfile", rc] : ["zsh", "-d"];
      const terminal = await startTerminal(command, {
        home,
        env: { ...env, HOME: home },
        cwd: root,
      });
      await terminal.shows(/^\$$/);

      for (const [typed, completed] of LINES) await completes(terminal, typed, completed);
    },
  );
});

test.skipIf(!has("fish"))(
  "fish offers commands, options, names and files",
  { timeout: 60_000 },
  async () => {
    const home = await mkdtemp(join(root, "home-"));
    const asked = LINES.map(([typed]) => `complete -C '${typed}'; echo ==`).join("; ");

    const { stdout, stderr } = spawnSync(
      "fish",
      ["-c", `wsgw completion fish | source; ${asked}`],
      { env: { ...env, HOME: home }, cwd: root, encoding: "utf8" },
    );

    const offered = stdout.split("==\n").slice(0, -1);
    const words = LINES.map(([, completed]) => `${completed.split(" ").at(-1)}\n`);
    // Behind a tab stands what fish tells of it.
    expect([offered.map((each) => each.replaceAll(/\t.*/g, "")), stderr]).toEqual([words, ""]);
    expect(offered[0]).toMatch(/^describe\tShow routes, /);
  },
);

async function completes(terminal: Terminal, typed: string, completed: string): Promise<void> {
  terminal.type(typed);
  await terminal.shows(lineOf(typed));
  terminal.type(KEYS.tab);
  await terminal.shows(lineOf(completed));
  terminal.type(KEYS.ctrlU); // a key and no signal, which might meet a shell that still completes
  await terminal.shows(/^\$$/);
}

function lineOf(text: string): RegExp {
  return new RegExp(`\\$ ${text.replace(/[.]/g, "\\.")}$`);
}
