// Follows a page: runs its blocks in order.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { useCode } from "./code.mjs";
import { freePort, run, translation } from "./commands.mjs";
import { findLines } from "./masks.mjs";
import { followSession } from "./session.mjs";
import { converse, findFact, openTerminal } from "./terminal.mjs";

// The blocks after such a command expect a running gateway.
const STARTS_GATEWAY = /^(npx wsgw dev\b(?!.*--json)|npm start$)/;
const findBanner = (shown) => findLines(["  Talk to it from another terminal: …"], shown).read;

/**
 * A reader in a separate empty home directory. All pages share `world`: `root` of this repository, `env`, and
 * `aws()` for the URL that replaces AWS.
 */
export async function createReader(page, home, world) {
  const env = { ...world.env, HOME: join(home, "home/ann") };
  const terminals = new Map();
  let port = await freePort();
  let directory = env.HOME;
  let printed = "";
  mkdirSync(directory, { recursive: true });

  const translate = () => translation({ ...world, home, port });

  async function runLine(line, shouldFail) {
    const target = /^cd (\S+)$/.exec(line)?.[1];
    if (target !== undefined) {
      directory = join(directory, target);
      return;
    }
    const { toRun, asWritten } = translate();
    const { status, output } = await run(await toRun(line), { cwd: directory, env });
    printed += asWritten(output);
    if ((status !== 0) !== shouldFail) {
      throw new Error(`"${line}" ended with status ${status}:\n${output}`);
    }
  }

  async function open(name, lines) {
    const { toRun, asWritten } = translate();
    const toBeRun = [];
    for (const line of lines) toBeRun.push(await toRun(line));
    await terminals.get(name)?.close();
    const terminal = openTerminal(toBeRun.join(" && "), { cwd: directory, env, asWritten });
    terminals.set(name, terminal);
    if (STARTS_GATEWAY.test(lines.at(-1))) await terminal.shows(findBanner, "the gateway's banner");
  }

  function terminalOf(name) {
    const terminal = terminals.get(name);
    if (terminal === undefined) throw new Error(`no terminal "${name}" was opened above`);
    return terminal;
  }

  async function closeTerminals() {
    await Promise.all([...terminals.values()].map((terminal) => terminal.close()));
    terminals.clear();
  }

  /** A separate project: a new chat, an empty directory, or one of fixtures/docs. */
  async function enter(name) {
    await closeTerminals();
    directory = join(env.HOME, name);
    if (name === "chat") {
      directory = env.HOME;
      await runLine("npx wsgw init chat --yes --no-install", false);
      directory = join(env.HOME, name);
    } else if (name === "empty") {
      mkdirSync(directory);
    } else if (name !== ".") {
      const source = name.includes("/") ? name : `fixtures/docs/${name}`;
      const filter = (file) => !/node_modules|\.wsgw/.test(file);
      cpSync(join(world.root, source), directory, { recursive: true, filter });
    }
  }

  const write = (name, text) => {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  };

  function replaceLines(name, lines) {
    const side = (sign) =>
      lines
        .filter((line) => line.startsWith(sign))
        .map((line) => `${line.slice(1)}\n`)
        .join("");
    const text = readFileSync(join(directory, name), "utf8");
    const parts = text.split(side("-"));
    if (parts.length !== 2)
      throw new Error(`the lines to replace are ${parts.length - 1} times in ${name}:\n${text}`);
    write(name, parts.join(side("+")));
  }

  async function runAll({ lines }, shouldFail) {
    printed = "";
    for (const line of lines) await runLine(line, shouldFail);
  }

  const deeds = {
    "not run": () => {},
    in: ({ value }) => enter(value),
    port: ({ value }) => {
      port = value;
    },
    commands: (block) => runAll(block, false),
    fails: (block) => runAll(block, true),
    terminal: ({ lines, value }) => open(value, lines),
    printed({ lines }) {
      const { missing } = findLines(lines, printed.split("\n"));
      if (missing !== undefined) {
        throw new Error(`"${missing}" was not printed. This was:\n${printed}`);
      }
    },
    conversation: ({ lines, value }) => converse(terminalOf(value), lines),
    session: ({ lines }) => followSession(lines, { translate: translate(), cwd: directory, env }),
    fact: ({ lines, value }) => findFact(terminalOf(value), JSON.parse(lines.join("\n"))),
    diff: ({ lines, value }) => replaceLines(value, lines),
    file: ({ lines, value }) => write(value, `${lines.join("\n")}\n`),
    code: (block) => useCode(block, { ...world, page, home, env }),
  };

  return {
    async follow(block) {
      if (block.kind === undefined) throw new Error("this check does not know what to do with it");
      await deeds[block.kind](block);
    },
    stop: closeTerminals,
  };
}
