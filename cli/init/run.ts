import { relative, resolve } from "node:path";
import { isProjectName, type Language, type ProjectPlan, projectNameOf } from "../../src/app.ts";
import { coloursFor } from "../terminal/colours.ts";
import { formatDuration } from "../terminal/duration.ts";
import type { Io } from "../terminal/io.ts";
import { print } from "../terminal/output.ts";
import { askForRest } from "./questions.ts";

export type InitOptions = Partial<Omit<ProjectPlan, "cwd">> & {
  /** Asks nothing on a terminal either. */
  readonly yes: boolean;
  readonly install: boolean;
  readonly color: boolean | undefined;
};

const EXIT = { done: 0, interrupted: 130 } as const;
const DEFAULT_LANGUAGE: Language = "typescript";

/** Runs `wsgw init` and returns the exit code. */
export async function runInit(options: InitOptions, io: Io): Promise<number> {
  const { yes, install, color, ...said } = options;
  const { installPackages, writeProject } = await io.app();
  const paint = coloursFor(io.stdout, io, color);
  const say = (line: string) => print(io.stdout, line);

  const suggested = {
    name: projectNameOf(resolve(io.cwd, said.folder ?? ".")),
    language: DEFAULT_LANGUAGE,
  };
  const isTerminal = io.stdin.isTTY === true && io.stdout.isTTY === true;
  const answers =
    isTerminal && !yes ? await askForRest(said, suggested, isProjectName, io, paint) : suggested;
  if (answers === undefined) {
    say("\nNothing was written.");
    return EXIT.interrupted;
  }

  const plan = { ...answers, ...said };
  const { root, files, overwritten } = await writeProject({ ...plan, cwd: io.cwd });
  const place = relative(io.cwd, root);
  say(
    `${paint.green("✓")} Wrote ${plan.name}, in ${LANGUAGE_NAMES[plan.language]}, to ${place || "this folder"}:`,
  );
  for (const path of files) {
    say(`    ${path}${overwritten.includes(path) ? paint.yellow("  overwritten") : ""}`);
  }
  if (install) {
    say(paint.dim("  Running npm install …"));
    const start = performance.now();
    await installPackages(root);
    say(
      `${paint.green("✓")} Installed the packages in ${formatDuration(performance.now() - start)}.`,
    );
  }
  for (const line of nextSteps(place, install)) say(line);
  return EXIT.done;
}

const LANGUAGE_NAMES = { typescript: "TypeScript", javascript: "JavaScript" } as const;

/** What to type next, in the order in which it makes sense. */
function nextSteps(place: string, installed: boolean): readonly string[] {
  const steps = [
    ...(place === "" ? [] : [[`cd ${/\s/.test(place) ? `"${place}"` : place}`, ""]]),
    ...(installed ? [] : [["npm install", ""]]),
    ["npm start", "serves the chat on this machine"],
    ["npx wsgw send", "talks to it, in a second terminal"],
    ["npm test", "runs its tests"],
    ["npm run deploy -- --noop", "shows what would go to AWS"],
    ["npm run deploy", "puts it on AWS"],
  ];
  return [
    "",
    "Next:",
    "",
    ...steps.map(([command = "", what = ""]) => `  ${command.padEnd(26)}${what}`.trimEnd()),
  ];
}
