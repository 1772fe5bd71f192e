import yargs from "yargs";
import type { Command } from "../command.ts";
import type { Io } from "../terminal/io.ts";

/**
 * The completions of the last of `words`, of which the first is wsgw; undefined for a command or an option,
 * which yargs completes. Empty if a file or free text is expected.
 */
export async function completeWord(
  words: readonly string[],
  commands: readonly Command[],
  io: Io,
): Promise<readonly string[] | undefined> {
  const before = words.slice(1, -1);
  const current = words.at(-1) ?? "";
  const command = commands.find(({ name }) => name === before[0]);
  if (before.length === 0 || (command !== undefined && current.startsWith("-"))) return undefined;
  if (command?.complete === undefined) return [];
  const given = positionals(before.slice(1), switchesOf(command));
  if (given === undefined) return [];
  const offered = await command.complete(given, async (kind) => namesIn(kind, before, io));
  return offered.filter((word) => word.startsWith(current));
}

/** Undefined if an option expects its value. */
function positionals(
  words: readonly string[],
  switches: ReadonlySet<string>,
): readonly string[] | undefined {
  const found: string[] = [];
  let waiting = false;
  for (const word of words) {
    if (waiting) waiting = false;
    else if (!word.startsWith("-")) found.push(word);
    else waiting = !word.includes("=") && !switches.has(word.replace(/^--?(no-)?/, ""));
  }
  return waiting ? undefined : found;
}

/** Options without a value. Yargs uses `getOptions` for its own completion; its types lack it. */
function switchesOf(command: Command): ReadonlySet<string> {
  const parser = yargs().boolean("color");
  const { builder } = command.define(() => {});
  if (typeof builder === "function") builder(parser);
  const { getOptions } = parser as unknown as {
    getOptions(): { readonly boolean: readonly string[] };
  };
  return new Set(["help", "h", "version", ...getOptions.call(parser).boolean]);
}

/** Empty if the definition cannot be read: shell completion cannot show errors. */
async function namesIn(
  kind: "functions" | "tables",
  words: readonly string[],
  io: Io,
): Promise<readonly string[]> {
  const behind = (...names: readonly string[]) => {
    const at = words.findIndex((word) => names.includes(word));
    return at < 0 ? undefined : words[at + 1];
  };
  const config = behind("--config", "-c");
  const template = behind("--template", "-t");
  try {
    const { readProject } = await io.app();
    const { project } = await readProject({ cwd: io.cwd, config, template });
    return Object.keys(project[kind]);
  } catch {
    return [];
  }
}
