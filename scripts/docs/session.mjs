// Sessions: commands with their complete output, as in ```console.

import { run } from "./commands.mjs";
import { findLines, firstDifference } from "./masks.mjs";
import { openTerminal } from "./terminal.mjs";

// A prompt: `> `, `ann> `, `Name of the project: [chat] `, `typescript or javascript? [typescript] `.
const PROMPT = /^((?:\w+)?>|.*[?:] \[[^\]]+\])(?: (.*))?$/;

/** Runs each `$ …` and compares its output with the lines below it, to the last line. */
export async function followSession(lines, { translate, cwd, env }) {
  for (const { command, written } of commandsOf(lines)) {
    const line = await translate.toRun(command);
    const context = { cwd, env, asWritten: translate.asWritten };
    const typed = written.some((each) => PROMPT.test(each));
    const shown = typed ? await talk(line, written, context) : await print(line, written, context);
    const wrong = firstDifference(written, shown);
    if (wrong !== undefined) {
      throw new Error(`"$ ${command}": ${wrong}. This was:\n${shown.join("\n")}`);
    }
  }
}

function commandsOf(lines) {
  const commands = [];
  for (const line of lines) {
    if (line.startsWith("$ ")) commands.push({ command: line.slice(2), written: [] });
    else commands.at(-1).written.push(line);
  }
  return commands;
}

async function print(line, written, { cwd, env, asWritten }) {
  const { status, output } = await run(line, { cwd, env });
  const shouldFail = written.some((each) => each.startsWith("✗"));
  if ((status !== 0) !== shouldFail) {
    throw new Error(`"${line}" ended with status ${status}:\n${output}`);
  }
  return asWritten(output).split("\n");
}

/** At a terminal: types after each prompt of the page once the prompt and all output above it are shown. */
async function talk(line, written, context) {
  const terminal = openTerminal(line, context);
  try {
    let since = 0;
    let awaited = [];
    for (const each of written) {
      const [, prompt, words = ""] = PROMPT.exec(each) ?? [];
      if (prompt === undefined) {
        if (each.trim() !== "…") awaited.push(each);
        continue;
      }
      const wanted = awaited;
      since = await terminal.shows(
        (shown) => {
          const last = shown.findLastIndex((text) => text.trim() !== "");
          const there = wanted.every((text) => findLines([text], shown, since).read !== undefined);
          return there && shown[last]?.trimEnd() === prompt ? last + 1 : undefined;
        },
        `${JSON.stringify(wanted)} and then the prompt "${prompt}"`,
      );
      awaited = [];
      if (each !== written.at(-1)) terminal.type(`${words}\r`);
    }
    const shown = terminal.lines();
    if (!PROMPT.test(written.at(-1))) {
      await terminal.ended();
      return terminal.lines();
    }
    return shown;
  } finally {
    await terminal.close();
  }
}
