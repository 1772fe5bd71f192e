// Runs docs/guide.md word for word with the packed package, from an empty folder.
//
//   ```sh           each line in turn; it must succeed. `cd` stays for what follows.
//   ```sh fails     the same, but it must fail.
//   ```sh NAME      in a terminal called NAME, which stays open.
//   ```text         what the last ```sh printed: these lines, in this order, others may stand between.
//   ```text NAME    the same for a terminal. Lines that begin with `> ` are typed; `^C` is Ctrl-C.
//   ```diff FILE    lines of a file that are replaced; they must be there once.
//   ```ts FILE      a whole file (any language).
//
// Times, sizes, ids, ports and build ids are masked. The package is not on the registry before its release, so
// two things stand in for that: the tarball is installed in the folder above the empty one, where npx finds the
// command without asking; and `wsgw init` gets its hidden --wsgw, so that package.json names the tarball.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { DRAWN_ANEW } from "./terminal-svg.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const GUIDE = "docs/guide.md";
const PATIENCE_MS = 30_000;
const CTRL_C = "\x03";
// As for a reader at a terminal, but without colours and without npm's words about this machine's settings.
const env = { ...process.env, NO_COLOR: "1", npm_config_loglevel: "error" };
delete env.CI;
delete env.FORCE_COLOR;

const work = mkdtempSync(join(tmpdir(), "wsgw-guide-"));
const terminals = new Map();
let tarball = "";
let folder = join(work, "empty");
let printed = "";

async function main() {
  mkdirSync(folder);
  installPackage();
  for (const fence of fencesOf(readFileSync(join(root, GUIDE), "utf8"))) {
    const place = `${GUIDE}:${fence.line}`;
    try {
      await follow(fence);
    } catch (error) {
      throw new Error(`${place} (\`\`\`${fence.info}): ${error.message}`);
    }
    console.log(`ok  ${place}  ${fence.info}: ${fence.lines.find((line) => line !== "") ?? ""}`);
  }
}

function installPackage() {
  writeFileSync(join(work, "package.json"), '{ "private": true }');
  const packed = command(
    ["npm", "pack", "--json", "--ignore-scripts", "--pack-destination", work],
    root,
  );
  tarball = join(work, JSON.parse(packed.stdout)[0].filename);
  command(["npm", "install", "--no-audit", "--no-fund", tarball], work);
}

function command([name, ...args], cwd) {
  const result = spawnSync(name, args, { cwd, encoding: "utf8", env });
  if (result.status !== 0) throw new Error(`${name} ${args.join(" ")}:\n${result.stderr}`);
  return result;
}

/** The fences of a page: the words after the backticks, the number of that line, and the lines inside. */
function fencesOf(page) {
  const fences = [];
  let open;
  for (const [index, line] of page.split("\n").entries()) {
    if (open === undefined && line.startsWith("```")) {
      open = { info: line.slice(3).trim(), line: index + 1, lines: [] };
    } else if (open !== undefined && line === "```") {
      fences.push(open);
      open = undefined;
    } else {
      open?.lines.push(line);
    }
  }
  return fences;
}

function follow({ info, lines }) {
  const [language, word] = info.split(" ");
  if (language === "sh" && (word === undefined || word === "fails")) {
    printed = "";
    for (const line of lines) runLine(line, word === "fails");
    return;
  }
  if (language === "sh") return openTerminal(word, lines);
  if (language === "text" && word === undefined) return expectLines(lines, printed);
  if (language === "text") return converse(word, lines);
  if (language === "diff" && word !== undefined) return replaceLines(word, lines);
  if (word !== undefined) return writeFile(word, `${lines.join("\n")}\n`);
  throw new Error("this check does not know what to do with such a fence");
}

function runLine(line, shouldFail) {
  const target = /^cd (\S+)$/.exec(line)?.[1];
  if (target !== undefined) {
    folder = join(folder, target);
    return;
  }
  const whole = line.includes("wsgw init") ? `${line} --wsgw ${tarball}` : line;
  const { status, stdout, stderr } = spawnSync("bash", ["-c", whole], {
    cwd: folder,
    encoding: "utf8",
    env,
  });
  printed += `${stdout}\n${stderr}`;
  if ((status !== 0) !== shouldFail) {
    throw new Error(`"${line}" ended with status ${status}:\n${stdout}\n${stderr}`);
  }
}

/** A pseudo-terminal by `script`, in which one command runs. */
function openTerminal(name, lines) {
  const child = spawn("script", ["-qefc", lines.join(" && "), "/dev/null"], {
    cwd: folder,
    env: { ...env, TERM: "xterm-256color" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const terminal = { child, output: "", read: 0, exited: once(child, "exit") };
  child.stdout.setEncoding("utf8").on("data", (text) => {
    terminal.output += text;
  });
  terminals.set(name, terminal);
}

async function converse(name, lines) {
  const terminal = terminals.get(name);
  if (terminal === undefined) throw new Error(`no terminal "${name}" was opened above`);
  for (const line of lines) {
    if (line === "^C") {
      terminal.child.stdin.write(CTRL_C);
    } else if (line.startsWith("> ")) {
      terminal.child.stdin.write(`${line.slice(2)}\r`);
    } else {
      await waitForLine(terminal, line);
    }
  }
}

/** Waits until the line is shown below those that were waited for before. */
async function waitForLine(terminal, line) {
  const given = new AbortController();
  const giveUp = () => given.abort();
  terminal.exited.then(giveUp);
  const timer = setTimeout(giveUp, PATIENCE_MS);
  for (;;) {
    const shown = masked(terminal.output);
    const at = shown.indexOf(masked(line)[0], terminal.read);
    if (at !== -1) {
      clearTimeout(timer);
      terminal.read = at + 1;
      return;
    }
    try {
      await once(terminal.child.stdout, "data", { signal: given.signal });
    } catch {
      throw new Error(`"${line}" was not shown. This was:\n${shown.join("\n")}`);
    }
  }
}

function expectLines(lines, output) {
  const shown = masked(output);
  let read = 0;
  for (const line of lines.filter((text) => text !== "")) {
    const at = shown.indexOf(masked(line)[0], read);
    if (at === -1) throw new Error(`"${line}" was not printed. This was:\n${output}`);
    read = at + 1;
  }
}

// What differs between two runs.
const MASKS = [
  [/\d\d:\d\d:\d\d\.\d{3} {2}(\S{5}(?= ))?/g, "TIME  "],
  [/\b\d+(\.\d+)? (ms|s|kB|MB)\b/g, "AMOUNT"],
  [/\+\d+ms/g, "+AMOUNT"],
  [/\bas [\w-]{15}=/g, "as CONNECTION"],
];

function masked(text) {
  return text.split(/\r*\n/).map((line) => {
    const last = stripVTControlCharacters(line.split(DRAWN_ANEW).at(-1) ?? "");
    return MASKS.reduce((shown, [pattern, word]) => shown.replace(pattern, word), last).trimEnd();
  });
}

function replaceLines(name, lines) {
  const side = (sign) =>
    lines
      .filter((line) => line.startsWith(sign))
      .map((line) => `${line.slice(1)}\n`)
      .join("");
  const text = readFileSync(join(folder, name), "utf8");
  const parts = text.split(side("-"));
  if (parts.length !== 2)
    throw new Error(`the lines to replace are ${parts.length - 1} times in ${name}:\n${text}`);
  writeFile(name, parts.join(side("+")));
}

function writeFile(name, text) {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

/** Ctrl-C for whatever a fence has left running; the pseudo-terminal's end takes the rest along. */
async function closeTerminals() {
  for (const { child, exited } of terminals.values()) {
    if (child.exitCode !== null) continue;
    child.stdin.write(CTRL_C);
    child.stdin.end();
    const timer = setTimeout(() => child.kill(), 5000);
    await exited;
    clearTimeout(timer);
  }
}

try {
  await main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await closeTerminals();
  rmSync(work, { recursive: true, force: true });
}
