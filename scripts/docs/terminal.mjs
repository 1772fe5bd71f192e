// Commands in pseudo-terminals, made by `script`.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { findLines } from "./masks.mjs";
import { loadTypeScript } from "./typescript.mjs";

const { createScreen } = await loadTypeScript("test/cli/screen.ts");
const COLUMNS = 220;
const PATIENCE_MS = 120_000; // a session may begin with npm install
// `wsgw dev` itself stops waiting after ten seconds; killed earlier, it would still have its port.
const KILL_AFTER_MS = 15_000;
const CTRL_C = "\x03";

/** Runs a shell line; `asWritten` converts its output to the words of a page. */
export function openTerminal(line, { cwd, env, asWritten }) {
  // The command itself, from the PATH: npm between it and the terminal does not pass on every key and signal.
  const command = line.replaceAll(/\bnpx (?=wsgw (dev|send)\b)/g, "");
  const child = spawn(
    "script",
    ["-qefc", `stty cols ${COLUMNS} rows 60; ${command}`, "/dev/null"],
    {
      cwd,
      env: { ...env, TERM: "xterm-256color" },
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  child.stdin.on("error", () => {}); // it exited while this was typing
  const screen = createScreen(COLUMNS);
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    output += text;
    screen.write(text);
  });
  const exited = once(child, "close");
  const lines = () => asWritten(screen.text()).split("\n");

  /** Waits until `found(lines)` returns something; `wanted` describes in the error what was expected. */
  async function shows(found, wanted) {
    const given = new AbortController();
    exited.then(() => given.abort());
    const timer = setTimeout(() => given.abort(), PATIENCE_MS);
    try {
      for (;;) {
        const result = found(lines());
        if (result !== undefined) return result;
        await once(child.stdout, "data", { signal: given.signal });
      }
    } catch {
      throw new Error(`${wanted} was not shown. This was:\n${lines().join("\n")}`);
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    async ended() {
      const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
      await exited;
      clearTimeout(timer);
    },
    lines,
    shows,
    /** All output, with the original lines. */
    output: () => asWritten(output),
    type: (keys) => void child.stdin.write(keys),
    /** Ctrl-C; closing the pseudo-terminal ends a program that ignores it. */
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.stdin.write(CTRL_C);
      child.stdin.end();
      // Without `script` the pseudo-terminal is closed, and its programs get SIGHUP.
      const timer = setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MS);
      await exited;
      clearTimeout(timer);
    },
  };
}

/** Processes that start together become ready in any order. */
const TOGETHER = / ◉ \S+ awaits a debugger /;

/** Types lines at a terminal that stays open, and checks its output: each line below the one before. */
export async function converse(terminal, lines) {
  let since = terminal.read;
  for (const [index, line] of lines.entries()) {
    if (line === "^C") terminal.type(CTRL_C);
    else if (line.startsWith("> ")) terminal.type(`${line.slice(2)}\r`);
    else {
      const isTogether = TOGETHER.test(line) && TOGETHER.test(lines[index - 1] ?? "");
      if (!isTogether) since = terminal.read;
      const from = since;
      const read = await terminal.shows((shown) => below(shown, line, from), `"${line}"`);
      terminal.read = Math.max(read, terminal.read ?? 0);
    }
  }
}

function below(shown, line, from = 0) {
  return findLines([line], shown, from).read;
}

/** Waits until the terminal has printed a matching JSON line; `…` in it matches anything. */
export async function findFact(terminal, fact) {
  const line = JSON.stringify(fact).replaceAll('"…"', "…");
  await terminal.shows(() => findLines([line], terminal.output().split("\n")).read, line);
}
