// The commands of a page, as they are run: replaces the registry, AWS and the port 3001.
import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

const PORT = "3001";
/** Commands that call AWS, unless they are told to send nothing. */
const ASKS_AWS = /\bwsgw ((deploy|destroy|diff|logs|status)\b|send --stack)(?!.*--noop)/;

/** The banner of --endpoint-url, which the pages leave out. */
const NOT_AWS = /^ *NOT AWS: .*\r?\n\r?\n/m;

/** `{ toRun(line), asWritten(text) }`: from the words of a page to what is run, and back. */
export function translation({ port, home, aws }) {
  const rules = [[/…(?=\/v1\b)/, `localhost:${PORT}`]];
  if (port !== PORT) {
    rules.push(
      [/\bwsgw (dev|doctor)\b(?!.*--port)/, `wsgw $1 --port ${port}`],
      [/\bnpm start$/, `npm start -- --port ${port}`],
      [/--inspect(?!=)/, "--inspect=0"],
      [new RegExp(`\\b${PORT}\\b`, "g"), port],
    );
  }
  return {
    async toRun(line) {
      const changed = rules.reduce((text, [pattern, words]) => text.replace(pattern, words), line);
      if (!ASKS_AWS.test(line)) return changed;
      return `${changed} --endpoint-url ${await aws()} --region us-east-1`;
    },
    asWritten: (text) =>
      text
        .replaceAll(home, "")
        .replaceAll(new RegExp(`\\b${port}\\b`, "g"), PORT)
        .replace(NOT_AWS, ""),
  };
}

// Below the ports that systems assign themselves: another program could have such a port by the time a page
// listens on it.
const FIRST_PORT = 20_000;
const LAST_PORT = 32_000;
const usedPorts = new Set();

/** A port without a listener that no other page has. */
export async function freePort() {
  for (;;) {
    const port = randomInt(FIRST_PORT, LAST_PORT);
    if (usedPorts.has(port)) continue;
    usedPorts.add(port);
    if (await canListen(port)) return String(port);
  }
}

async function canListen(port) {
  const server = createServer().listen(port);
  try {
    await once(server, "listening");
    return true;
  } catch {
    return false;
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

/** Runs one shell line to its end; `output` contains everything it printed, in order. */
export function run(line, { cwd, env, patienceMs = 120_000 }) {
  // In its own process group, so that nothing of it is left behind.
  const child = spawn("bash", ["-c", `{ ${line}\n} 2>&1`], {
    cwd,
    env,
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    output += text;
  });
  const timer = setTimeout(() => process.kill(-child.pid, "SIGKILL"), patienceMs);
  return new Promise((resolve) => {
    child.once("close", (status) => {
      clearTimeout(timer);
      resolve({ status, output });
    });
  });
}
