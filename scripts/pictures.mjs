// Generates the pictures in docs/pictures from wsgw's real output: runs the sample chat in pseudo-terminals.
// Run it after a change of wsgw's output: node scripts/pictures.mjs
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { terminalSvg } from "./terminal-svg.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const directory = join(root, "docs", "pictures");
const PATIENCE_MS = 30_000;

/** Runs a command in a separate pseudo-terminal. */
function openTerminal(command) {
  const env = { ...process.env, TERM: "xterm-256color", npm_config_loglevel: "error" };
  for (const name of ["CI", "NO_COLOR", "FORCE_COLOR"]) delete env[name];
  const line = `stty cols 110 rows 40; exec ${command}`;
  const child = spawn("script", ["-qefc", line, "/dev/null"], {
    cwd: root,
    env,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    output += text;
  });
  const shows = async (text) => {
    const deadline = AbortSignal.timeout(PATIENCE_MS);
    while (!output.includes(text)) await once(child.stdout, "data", { signal: deadline });
  };
  return {
    shows,
    exited,
    output: () => output,
    type: (text) => child.stdin.write(text),
    stop: async () => {
      if (child.exitCode === null) child.stdin.write("\x03");
      await exited;
    },
  };
}

async function pictureSession() {
  const dev = openTerminal("npx wsgw dev");
  try {
    await dev.shows("Ctrl-C stops.");
    const send = openTerminal("npx wsgw send");
    await send.shows("leaves");
    send.type('{"message":"sendmessage", "data":"hello world !"}\r');
    await send.shows('"hello world !"\r\n\x1b[1G');
    await dev.shows("✓");
    const [served, sent] = [dev.output(), send.output()];
    send.type("\x04");
    await send.exited;
    save("session", [
      { title: "$ npx wsgw dev", output: served },
      { title: "$ npx wsgw send", output: withoutPrompt(sent) },
    ]);
  } finally {
    await dev.stop();
  }
}

async function pictureNoop() {
  const deploy = openTerminal("npx wsgw deploy --noop");
  const [status] = await deploy.exited;
  if (status !== 0) throw new Error(`wsgw deploy --noop ended with ${status}:\n${deploy.output()}`);
  save("deploy-noop", [{ title: "$ npx wsgw deploy --noop", output: deploy.output() }]);
}

/** Without the empty prompt at the end. */
function withoutPrompt(output) {
  return output.slice(0, output.lastIndexOf("\n") + 1);
}

function save(name, windows) {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, `${name}.svg`), terminalSvg(windows));
  console.log(`docs/pictures/${name}.svg`);
}

// Only one of them: node scripts/pictures.mjs deploy-noop
const wanted = process.argv[2];
if (wanted === undefined || wanted === "session") await pictureSession();
if (wanted === undefined || wanted === "deploy-noop") await pictureNoop();
